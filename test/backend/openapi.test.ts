import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { errorKinds } from '../../src/backend/errors.js';
import { describeApi } from '../../src/backend/openapi.js';
import { openValidators } from './apiCheck.js';

interface Operation {
  operationId: string;
  requestBody?: { required: boolean; content: { 'application/json': { schema: { $ref: string }; example: unknown } } };
  responses: Record<string, { description: string }>;
}
const api = describeApi() as {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { description: string }>; schemas: Record<string, object> };
};
const operations = Object.values(api.paths).flatMap((path) => Object.values(path));

const validatorAt = openValidators(api);
const accepts = (name: string, value: unknown): boolean => validatorAt(`/components/schemas/${name}`)(value);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(api));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('has JSON schemas of draft 2020-12 that a strict validator takes', () => {
    const names = Object.keys(api.components.schemas);
    expect(names).toHaveLength(12);
    for (const name of names) expect(validatorAt(`/components/schemas/${name}`)).toBeTypeOf('function');
  });

  it('names every error that the server knows', () => {
    const described = [
      ...operations.flatMap(({ responses }) => Object.values(responses)),
      ...Object.values(api.components.responses),
    ];
    const text = described.map(({ description }) => description).join('\n');
    const unnamed = Object.keys(errorKinds).filter((code) => !text.includes(`\`${code}\``));
    expect(unnamed).toEqual([]);
  });

  it('says of each parameter what the vendor takes', () => {
    const assemblyai = (seconds: unknown, cap?: unknown) =>
      accepts('AssemblyAiRequest', {
        expires_in_seconds: seconds,
        ...(cap !== undefined && { max_session_duration_seconds: cap }),
      });
    expect([1, 600, 0, 601, -1, 1.5, '60'].map((seconds) => assemblyai(seconds))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([60, 10_800, 59, 10_801].map((cap) => assemblyai(60, cap))).toEqual([true, true, false, false]);
    const soniox = (changes: object) =>
      accepts('SonioxRequest', { usage_type: 'tts_rt', expires_in_seconds: 3600, ...changes });
    expect(soniox({ max_session_duration_seconds: 18_000, single_use: true })).toBe(true);
    expect(soniox({ client_reference_id: 'somebody else' })).toBe(false);
    expect(soniox({ expires_in_seconds: 3601 })).toBe(false);
    expect(accepts('AiCousticsRequest', {})).toBe(true);
    expect(accepts('AiolaRequest', { workflow_id: 'another' })).toBe(false);
  });

  it('has examples that are accepted, and nothing that looks like a secret', () => {
    const bodies = operations.flatMap(({ requestBody }) =>
      requestBody ? [requestBody.content['application/json']] : [],
    );
    expect(bodies).toHaveLength(4);
    for (const { schema, example } of bodies) {
      expect(validatorAt(schema.$ref.slice(1))(example)).toBe(true);
    }
    const text = JSON.stringify(api);
    expect(text).not.toMatch(/eyJ|lk_[\w-]+\.\w{10}|temp:|[A-Za-z0-9+/_]{40}/);
  });
});
