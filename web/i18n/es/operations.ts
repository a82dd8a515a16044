export default {
  state: {
    pending: 'Pendiente',
    syncing: 'Enviando',
    waiting: 'En espera',
    synced: 'Sincronizado',
    needs_attention: 'Requiere atención',
    compensating: 'Deshaciendo',
    compensated: 'Compensado',
    cancelled: 'Cancelado',
  },
  state_changed: 'Operación {{number}}: {{state}}',
  kind: {
    move_pallets: 'Traslado de pallets',
  },
  event: {
    accepted: 'Aceptada',
    taken: 'El proceso la tomó',
    cancel_requested: 'Se pidió cancelarla',
  },
  timeline: {
    title: 'Qué ha pasado',
    technical: 'Detalle técnico',
    workflow: 'Ver el proceso en Temporal',
    attempt: 'Intento {{attempt}}',
    by: 'por {{actor}}',
  },
};
