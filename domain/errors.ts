/**
 * The one catalogue of errors: what went wrong → how it is retried, which HTTP status it has, and the sentence that a
 * person reads. Clients get it as RFC 9457 problem details; workflows get it as ApplicationFailure of type `code`.
 */
export interface ErrorSpec {
  status: number;
  /** May a workflow try again by itself? */
  retryable: boolean;
  es: string;
  en: string;
}

const refusal = (es: string, en: string, status = 422): ErrorSpec => ({ status, retryable: false, es, en });
const trouble = (es: string, en: string): ErrorSpec => ({ status: 503, retryable: true, es, en });

export const errors = {
  // the request itself
  malformed: refusal('La solicitud no está bien formada.', 'The request is malformed.', 400),
  not_found: refusal('No existe, o no es suyo.', 'It does not exist, or is not yours.', 404),
  method_not_allowed: refusal('Esa acción no existe aquí.', 'That method does not exist here.', 405),
  payload_too_large: refusal('El envío es demasiado grande.', 'The request body is too large.', 413),
  unsupported_media_type: refusal(
    'El formato del envío no se acepta; use JSON.',
    'That content type is not accepted; use JSON.',
    415,
  ),
  rate_limited: refusal(
    'Demasiadas solicitudes. Espere un momento y repita.',
    'Too many requests. Wait a moment and repeat.',
    429,
  ),
  internal: {
    status: 500,
    retryable: true,
    es: 'Algo falló de nuestro lado. Nada quedó a medias; puede repetir.',
    en: 'Something failed on our side. Nothing was left half-done; you can repeat it.',
  },
  unavailable: trouble(
    'El servicio no está disponible por ahora. Repita en unos segundos.',
    'The service is not available right now. Repeat in some seconds.',
  ),
  // identity
  unauthenticated: refusal('Inicie sesión para continuar.', 'Log in to continue.', 401),
  token_expired: refusal('Su acceso venció; renuévelo.', 'Your access token has expired; refresh it.', 401),
  wrong_credentials: refusal(
    'El correo o la contraseña no son correctos.',
    'The e-mail or the password is not right.',
    401,
  ),
  session_ended: refusal('Su sesión terminó. Inicie sesión otra vez.', 'Your session has ended. Log in again.', 401),
  forbidden: refusal('Su usuario no tiene permiso para esto.', 'Your user has no permission for this.', 403),
  csrf: refusal(
    'La solicitud no vino de esta página. Recargue y repita.',
    'The request did not come from this page. Reload and repeat.',
    403,
  ),
  // commands
  idempotency_key_missing: refusal('Falta la cabecera Idempotency-Key.', 'The Idempotency-Key header is missing.', 400),
  idempotency_key_reused: refusal(
    'Esa clave ya se usó con otro contenido.',
    'That key was already used with other content.',
  ),
  command_in_progress: refusal(
    'Esa misma orden se está procesando. Repita en un segundo.',
    'That very command is being processed. Repeat in a second.',
    409,
  ),
  already_final: refusal(
    'La operación ya terminó; para deshacerla haga una nueva.',
    'The operation has ended; to undo it make a new one.',
  ),
  not_retryable: refusal(
    'La operación no está en espera de una decisión.',
    'The operation is not waiting for a decision.',
  ),
  choice_not_offered: refusal(
    'Esa opción no se ofrece para esta operación.',
    'That choice is not offered for this operation.',
  ),
  version_conflict: refusal(
    'Alguien lo cambió mientras tanto. Recargue y repita.',
    'Someone changed it meanwhile. Reload and repeat.',
    409,
  ),
  // users
  email_taken: refusal('Ese correo ya tiene un usuario.', 'That e-mail already has a user.'),
  weak_password: refusal(
    'La contraseña necesita al menos 10 caracteres y no puede ser una de las más usadas.',
    'The password needs at least 10 characters and must not be one of the most used.',
  ),
  own_user: refusal('No puede quitarse a sí mismo el acceso.', 'You cannot take away your own access.'),
  last_admin: refusal('Tiene que quedar al menos un administrador.', 'At least one administrator has to remain.'),
  unknown_site: refusal('Ese local no existe.', 'That site does not exist.'),
  // moving pallets: what a warehouse worker reads
  no_connection: refusal(
    'Su empresa aún no tiene una conexión con Odoo.',
    'Your business has no connection to Odoo yet.',
  ),
  unknown_location: refusal(
    'Esa cámara no existe o no se puede usar como destino.',
    'That chamber does not exist or is not a legal destination.',
  ),
  no_pallets: refusal('Escanee al menos un pallet.', 'Scan at least one pallet.'),
  too_many_pallets: refusal('Un movimiento lleva 500 pallets como máximo.', 'A move takes 500 pallets at most.'),
  duplicate_pallet: refusal('Un pallet está dos veces en el movimiento.', 'A pallet is in the move twice.'),
  same_location: refusal('El pallet ya está en esa cámara.', 'The pallet is in that chamber already.'),
  unknown_pallet: refusal(
    'Ese pallet no existe en Odoo. Revise la etiqueta.',
    'That pallet does not exist in Odoo. Check its label.',
  ),
  ambiguous_pallet: refusal(
    'Hay dos pallets con ese código en Odoo. Avise a su encargada.',
    'Odoo has two pallets with that code. Tell your manager.',
  ),
  empty_pallet: refusal('El pallet está vacío en Odoo.', 'The pallet is empty in Odoo.'),
  split_pallet: refusal(
    'El contenido del pallet está en más de un lugar en Odoo.',
    'The content of the pallet is in more than one place in Odoo.',
  ),
  reserved_elsewhere: refusal(
    'El pallet está reservado para otro traslado en Odoo.',
    'The pallet is reserved for another transfer in Odoo.',
  ),
  moved_since_scan: refusal(
    'El pallet ya no está donde fue escaneado.',
    'The pallet is no longer where it was scanned.',
  ),
  superseded_scan: refusal(
    'Ese pallet tiene un escaneo más nuevo que este.',
    'That pallet has a newer scan than this one.',
  ),
  // Odoo
  odoo_unreachable: trouble('Guardado, se enviará cuando Odoo responda.', 'Saved; it will be sent when Odoo answers.'),
  odoo_unknown_outcome: trouble(
    'Odoo no alcanzó a responder; se comprobará qué hizo.',
    'Odoo did not answer in time; what it did will be checked.',
  ),
  odoo_busy: trouble('Odoo está ocupado; se repite solo.', 'Odoo is busy; it is repeated by itself.'),
  odoo_throttled: trouble('Odoo pide esperar; se repite solo.', 'Odoo asks to wait; it is repeated by itself.'),
  odoo_credentials: trouble(
    'Odoo no acepta la clave de la conexión. Su administrador debe corregirla.',
    'Odoo does not accept the key of the connection. Your administrator has to mend it.',
  ),
  odoo_incompatible: trouble(
    'Esa versión de Odoo no es compatible con la conexión.',
    'That version of Odoo does not fit the connection.',
  ),
  odoo_forbidden: refusal(
    'El usuario de la conexión no tiene permiso en Odoo para mover pallets.',
    'The user of the connection may not move pallets in Odoo.',
  ),
  odoo_refused: refusal('Odoo rechazó el traslado.', 'Odoo refused the transfer.'),
  odoo_failed: refusal('Odoo falló al hacer el traslado.', 'Odoo failed while doing the transfer.'),
  reference_taken: refusal(
    'El número del traslado ya lo usa otro documento en Odoo.',
    'The reference of the transfer is used by another document in Odoo.',
  ),
  undo_blocked: refusal(
    'No se pudo deshacer: el pallet ya fue movido otra vez. Revise Odoo.',
    'It could not be undone: the pallet has been moved again. Check Odoo.',
  ),
  undo_failed: refusal(
    'No se pudo deshacer en Odoo. Queda por deshacer el traslado.',
    'It could not be undone in Odoo. The transfer is left to undo.',
  ),
  start_refused: refusal('El motor de procesos rechazó la operación.', 'The process engine refused the operation.'),
  stopped_by_person: refusal(
    'Alguien detuvo el proceso desde la consola.',
    'Someone stopped the process from the console.',
  ),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof errors;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errors, code);
}

/** An error that the catalogue knows. `extra` goes into the problem details as it is (no secrets). */
export class NervioError extends Error {
  override readonly name = 'NervioError';

  constructor(
    readonly code: ErrorCode,
    readonly extra: Record<string, unknown> = {},
    options?: { cause?: unknown; detail?: string; retryAfterMs?: number },
  ) {
    super(options?.detail ?? errors[code].en, { cause: options?.cause });
    this.retryAfterMs = options?.retryAfterMs;
  }

  readonly retryAfterMs: number | undefined;

  get spec(): ErrorSpec {
    return errors[this.code];
  }
}
