export default {
  page_title: 'Mover pallets · Nervio',
  title: 'Mover pallets',
};
