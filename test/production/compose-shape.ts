/**
 * What we use of the Compose specification, as a JSON schema.
 *
 * It is narrower than the specification on purpose: a misspelt key, a condition that does not exist or a command where a
 * string was split by a colon is found here, without Docker. Whoever uses something new adds it, with the specification
 * at hand.
 */
const strings = { type: 'array', items: { type: 'string' } };
const duration = { type: 'string', pattern: '^\\d+(s|m)$' };
const environment = { type: 'object', additionalProperties: { type: 'string' } };

function only(properties: Record<string, object>, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const mount = {
  oneOf: [
    { type: 'string', pattern: '^[a-z-]+:/' },
    only(
      {
        type: { const: 'bind' },
        source: { type: 'string' },
        target: { type: 'string', pattern: '^/' },
        read_only: { type: 'boolean' },
        bind: only({ create_host_path: { type: 'boolean' } }),
      },
      ['type', 'source', 'target'],
    ),
  ],
};

const healthcheck = {
  oneOf: [
    only({ disable: { const: true } }, ['disable']),
    only(
      {
        test: { ...strings, minItems: 2, prefixItems: [{ enum: ['CMD', 'CMD-SHELL'] }] },
        interval: duration,
        timeout: duration,
        retries: { type: 'integer' },
        start_period: duration,
        start_interval: duration,
      },
      ['test', 'interval', 'timeout', 'retries', 'start_period'],
    ),
  ],
};

const service = only(
  {
    image: { type: 'string' },
    build: { const: '.' },
    profiles: strings,
    user: { type: 'string' },
    entrypoint: strings,
    command: strings,
    init: { type: 'boolean' },
    environment,
    expose: strings,
    ports: { type: 'array', items: { type: 'string', pattern: '^[^:]+(:-[^}]*\\})?:.+:\\d+$' } },
    configs: {
      type: 'array',
      items: only({ source: { type: 'string' }, target: { type: 'string' } }, ['source', 'target']),
    },
    volumes: { type: 'array', items: mount },
    tmpfs: strings,
    shm_size: { type: 'string' },
    networks: { type: 'array', items: { enum: ['inside', 'outside'] } },
    healthcheck,
    depends_on: {
      type: 'object',
      additionalProperties: only(
        {
          condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] },
          required: { type: 'boolean' },
        },
        ['condition'],
      ),
    },
    stop_grace_period: duration,
    restart: { enum: ['unless-stopped', 'on-failure:3', 'on-failure:10'] },
    deploy: only({
      replicas: { type: 'integer' },
      resources: only({ limits: only({ memory: { type: 'string', pattern: '^\\d+[mg]$' } }) }),
    }),
    read_only: { type: 'boolean' },
    cap_drop: { type: 'array', items: { const: 'ALL' } },
    security_opt: { type: 'array', items: { const: 'no-new-privileges:true' } },
    logging: only({ driver: { type: 'string' }, options: environment }, ['driver', 'options']),
  },
  ['image', 'healthcheck', 'restart', 'networks'],
);

export const composeShape: object = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    services: { type: 'object', additionalProperties: service },
    configs: { type: 'object', additionalProperties: only({ content: { type: 'string' } }, ['content']) },
    networks: { type: 'object', additionalProperties: only({ internal: { type: 'boolean' } }) },
    volumes: { type: 'object', additionalProperties: only({}) },
  },
  patternProperties: { '^x-': {} },
  required: ['name', 'services'],
  additionalProperties: false,
};
