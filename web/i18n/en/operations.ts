export default {
  state: {
    pending: 'Pending',
    syncing: 'Sending',
    waiting: 'Waiting',
    synced: 'Synced',
    needs_attention: 'Needs attention',
    compensating: 'Undoing',
    compensated: 'Compensated',
    cancelled: 'Cancelled',
  },
  state_changed: 'Operation {{number}}: {{state}}',
  kind: {
    move_pallets: 'Pallet move',
  },
  event: {
    accepted: 'Accepted',
    taken: 'The process took it',
    cancel_requested: 'Cancelling was asked for',
  },
  timeline: {
    title: 'What has happened',
    technical: 'Technical detail',
    workflow: 'See the process in Temporal',
    attempt: 'Attempt {{attempt}}',
    by: 'by {{actor}}',
  },
};
