/**
 * Who is asked before a cart takes a place in a batch (docs/decisions/042-checkout.md): nobody; what this process refused a
 * moment ago; Redis about that; Redis about every cart. PostgreSQL decides in any case.
 */
export const admissionModes = ['off', 'memory', 'redis', 'always'] as const;
export type AdmissionMode = (typeof admissionModes)[number];
