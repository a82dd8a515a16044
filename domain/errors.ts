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
  token_expired: refusal(
    'Su acceso venció. Recargue la página o inicie sesión otra vez.',
    'Your access has expired. Reload the page or log in again.',
    401,
  ),
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
  use_void: refusal(
    'Una venta no se cancela: anúlela o haga una devolución.',
    'A sale is not cancelled: void it or make a return.',
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
  // stock
  insufficient_stock: refusal(
    'No hay stock suficiente de esos productos.',
    'There is not enough stock of those products.',
    409,
  ),
  unknown_sku: refusal('Ese producto no existe.', 'That product does not exist.'),
  duplicate_sku: refusal('Un producto está dos veces en la lista.', 'A product is in the list twice.'),
  quantity_not_whole: refusal(
    'Ese producto se cuenta por unidades enteras.',
    'That product is counted in whole units.',
  ),
  bad_quantity: refusal('Esa cantidad no sirve aquí.', 'That quantity does not fit here.'),
  count_open: refusal(
    'Ese local ya tiene un conteo abierto. Siga en él o ciérrelo.',
    'That site has an open count already. Go on in it or close it.',
  ),
  count_ended: refusal('Ese conteo ya terminó.', 'That count has ended.'),
  // sites and what they carry
  site_name_taken: refusal('Ya hay un local con ese nombre.', 'There is a site of that name already.'),
  location_name_taken: refusal(
    'Ese local ya tiene una ubicación con ese nombre.',
    'That site has a location of that name already.',
  ),
  size_taken: refusal('Esa talla ya existe.', 'That size exists already.'),
  colour_taken: refusal('Ese color ya existe.', 'That colour exists already.'),
  unknown_time_zone: refusal('Esa zona horaria no existe.', 'That time zone does not exist.'),
  stock_below_zero: refusal(
    'Hay productos bajo cero en el local. Regularice su stock y repita.',
    'The site has products below zero. Put their stock right and repeat.',
  ),
  // products and prices
  unknown_code: refusal('Ese código no es de ningún producto.', 'No product has that code.', 404),
  price_missing: refusal('Falta un precio.', 'A price is missing.'),
  unknown_size: refusal('Esa talla no existe. Créela primero.', 'That size does not exist. Create it first.'),
  unknown_colour: refusal('Ese color no existe. Créelo primero.', 'That colour does not exist. Create it first.'),
  sku_taken: refusal('Ese SKU ya es de otro producto.', 'That SKU belongs to another product.'),
  code_taken: refusal('Ese código ya es de otro producto.', 'That code belongs to another product.'),
  variant_taken: refusal(
    'El producto ya tiene esa talla en ese color.',
    'The product has that size in that colour already.',
  ),
  limits_reversed: refusal(
    'El stock mínimo no puede ser mayor que el máximo.',
    'The minimum stock cannot be above the maximum.',
  ),
  unit_in_use: refusal(
    'La unidad no se puede cambiar: el producto ya tiene movimientos.',
    'The unit cannot be changed: the product has movements already.',
  ),
  not_an_image: refusal('El archivo no es una imagen PNG, JPEG o WebP.', 'The file is no PNG, JPEG or WebP picture.'),
  too_many_images: refusal('El producto ya tiene 12 imágenes.', 'The product has 12 pictures already.'),
  file_unreadable: refusal(
    'El archivo no se puede leer. Use CSV o Excel (.xlsx).',
    'The file cannot be read. Use CSV or Excel (.xlsx).',
  ),
  no_rows: refusal('El archivo no tiene líneas bajo los títulos.', 'The file has no lines below its headings.'),
  column_missing: refusal(
    'Falta la columna SKU. La primera línea lleva los títulos de las columnas.',
    'The column SKU is missing. The first line holds the headings of the columns.',
  ),
  too_many_rows: refusal('Una importación lleva 20.000 líneas como máximo.', 'An import takes 20,000 lines at most.'),
  table_too_large: refusal(
    'El archivo es demasiado grande al abrirlo. Divídalo en partes.',
    'The file is too large once it is opened. Split it.',
  ),
  import_begun: refusal(
    'Esa importación ya se aplicó o se está aplicando.',
    'That import has been applied or is being.',
  ),
  nothing_to_import: refusal('El archivo no cambia nada.', 'The file changes nothing.'),
  import_not_applied: refusal(
    'Solo se deshace una importación aplicada y que nadie ha deshecho.',
    'Only an applied import that nobody has undone can be undone.',
  ),
  nothing_to_sync: refusal('Los precios ya son iguales.', 'The prices are the same already.'),
  same_site: refusal('El local de origen está entre los de destino.', 'The source is among the targets.'),
  rows_refused: refusal('La base de datos rechazó un dato.', 'The database refused a value.'),
  file_empty: refusal('El archivo está vacío.', 'The file is empty.'),
  wrong_currency: refusal(
    'El precio está en otra moneda que la empresa.',
    'The price is in another currency than the business.',
  ),
  // tills and sales: what a cashier reads
  register_name_taken: refusal(
    'Ese local ya tiene una caja con ese nombre.',
    'That site has a register of that name already.',
  ),
  register_open: refusal('La caja ya está abierta.', 'The register is open already.'),
  register_closed: refusal(
    'La caja está cerrada. Ábrala y repita el cobro; la venta sigue en pantalla.',
    'The register is closed. Open it and charge again; the sale is still on the screen.',
  ),
  unknown_register: refusal('Esa caja no es de este local.', 'That register is not of this site.'),
  bad_amount: refusal('Ese monto no sirve aquí.', 'That amount does not fit here.'),
  not_enough_cash: refusal('En la caja no hay tanto efectivo.', 'There is not that much cash in the drawer.'),
  payments_mismatch: refusal(
    'Los pagos no suman el total de la venta.',
    'The payments do not add up to the total of the sale.',
  ),
  product_withdrawn: refusal(
    'Un producto fue retirado de la venta. Quítelo del carro y repita el cobro.',
    'A product was withdrawn from sale. Take it off the cart and charge again.',
  ),
  price_changed: refusal(
    'Un precio cambió desde que se escaneó. Diga el nuevo a su cliente y cobre otra vez.',
    'A price has changed since it was scanned. Tell your customer the new one and charge again.',
  ),
  sale_too_large: refusal('El total de la venta es demasiado grande.', 'The total of the sale is too large.'),
  ticket_ended: refusal(
    'Ese ticket ya no está guardado: se cobró, se descartó o venció.',
    'That ticket is no longer parked: it was charged, dropped or has expired.',
  ),
  unknown_ticket: refusal('Ese ticket no es de este local.', 'That ticket is not of this site.'),
  no_mail_server: refusal(
    'Aún no hay un servidor de correo. Imprima la boleta, o pida a su administrador que lo configure.',
    'There is no mail server yet. Print the receipt, or ask your administrator to set one up.',
  ),
  too_many_receipts: refusal(
    'Esa boleta ya se envió demasiadas veces por correo.',
    'That receipt went by mail too often already.',
  ),
  not_a_sale: refusal('Eso no es una venta.', 'That is not a sale.'),
  already_voided: refusal('Esa venta ya fue anulada.', 'That sale has been voided already.'),
  sale_has_returns: refusal(
    'Esa venta ya tiene devoluciones: devuelva lo que queda.',
    'That sale has returns already: return what is left.',
  ),
  void_too_late: refusal(
    'Una venta se anula solo el mismo día. Haga una devolución.',
    'A sale can be voided on its own day only. Make a return.',
  ),
  unknown_line: refusal('La venta no tiene esa línea.', 'The sale has no such line.'),
  more_than_sold: refusal(
    'No se puede devolver más de lo vendido y aún no devuelto.',
    'No more can be returned than was sold and not returned yet.',
  ),
  // moving pallets: what a warehouse worker reads
  no_connection: refusal(
    'Su empresa aún no tiene una conexión con Odoo. Su administrador debe crearla.',
    'Your business has no connection to Odoo yet. Your administrator has to make one.',
  ),
  // connections
  connection_in_use: refusal(
    'Hay movimientos sin terminar en ese Odoo. Espere a que terminen o cancélelos, y repita.',
    'Moves are not finished in that Odoo. Let them end or cancel them, and repeat.',
    409,
  ),
  secret_needed: refusal(
    'La conexión va a otra dirección: escriba también la clave.',
    'The connection goes to another address: write its key too.',
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
    'Ese Odoo no sirve para la conexión: otra versión u otra base de datos. Su administrador debe revisarla.',
    'That Odoo does not fit the connection: another version or database. Your administrator has to check it.',
  ),
  odoo_forbidden: refusal(
    'La conexión con Odoo no tiene permiso para mover pallets.',
    'The connection to Odoo may not move pallets.',
  ),
  odoo_refused: refusal('Odoo rechazó el traslado.', 'Odoo refused the transfer.'),
  odoo_failed: refusal('Odoo falló al hacer el traslado.', 'Odoo failed while doing the transfer.'),
  reference_taken: refusal(
    'El número del traslado ya lo usa otro documento en Odoo.',
    'The number of the transfer is used by another document in Odoo.',
  ),
  undo_blocked: refusal(
    'No se pudo deshacer: el pallet ya fue movido otra vez. Revise Odoo.',
    'It could not be undone: the pallet has been moved again. Check Odoo.',
  ),
  undo_failed: refusal(
    'No se pudo deshacer en Odoo. Queda por deshacer el traslado.',
    'It could not be undone in Odoo. The transfer is left to undo.',
  ),
  // mail
  mail_unreachable: trouble(
    'El servidor de correo no responde; el correo sale solo cuando vuelva.',
    'The mail server does not answer; the mail goes by itself when it is back.',
  ),
  mail_unknown_outcome: trouble(
    'El servidor de correo no alcanzó a confirmar; el correo se envía otra vez con el mismo número de mensaje.',
    'The mail server did not confirm in time; the mail is sent again under the same message number.',
  ),
  mail_busy: trouble(
    'El servidor de correo pide esperar; se repite solo.',
    'The mail server asks to wait; it is repeated by itself.',
  ),
  mail_credentials: trouble(
    'El servidor de correo no acepta la clave de la conexión. Su administrador debe corregirla.',
    'The mail server does not accept the key of the connection. Your administrator has to mend it.',
  ),
  mail_refused: refusal(
    'El servidor de correo rechazó ese correo. Revise la dirección.',
    'The mail server refused that mail. Check the address.',
  ),
  no_mail_connection: trouble(
    'Aún no hay un servidor de correo; el correo sale cuando su administrador lo configure.',
    'There is no mail server yet; the mail goes when your administrator sets one up.',
  ),
  start_refused: refusal('La operación no pudo empezar.', 'The operation could not be begun.'),
  stopped_by_person: refusal(
    'Alguien de sistemas detuvo esta operación.',
    'Someone of the IT team stopped this operation.',
  ),
  process_failing: refusal(
    'La operación se detuvo varias veces seguidas sin avanzar.',
    'The operation stopped several times in a row without getting on.',
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
