export default {
  empty: 'Nothing here yet',
};
