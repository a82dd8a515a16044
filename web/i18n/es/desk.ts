/** Words of the desk screens (operations, status, users, audit, connections). */
export default {
  empty: 'Aún no hay nada aquí',
};
