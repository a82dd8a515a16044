export default function Picking() {
  return null;
}
