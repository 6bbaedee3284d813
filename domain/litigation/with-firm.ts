/** The reason of the hold under which an open file is silent while an external firm has it, and speaks in our place. */
export const withFirm = 'with_firm';
