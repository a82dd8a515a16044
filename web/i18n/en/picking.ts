export default {
  page_title: 'Move pallets · Nervio',
  title: 'Move pallets',
};
