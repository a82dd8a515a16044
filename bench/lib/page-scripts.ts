/** What runs in the browser's pages. Text, because these pages are not part of our own web app and its types. */

/**
 * `benchExpect(code)`, then scan: `benchSeen[code]` is the time from the Enter that ended the scan (its own time stamp)
 * until the task after the frame in which the code's line was painted, ms.
 */
export const watchScans = `(() => {
  const seen = {};
  let pressed = 0;
  let waiting = null;
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') pressed = event.timeStamp;
  }, { capture: true });
  new MutationObserver(() => {
    if (waiting === null || !document.querySelector('[data-code="' + waiting + '"]')) return;
    const code = waiting;
    waiting = null;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { seen[code] = performance.now() - pressed; };
      port2.postMessage(null);
    });
  }).observe(document, { childList: true, subtree: true, attributes: true });
  window.benchExpect = (code) => { delete seen[code]; waiting = code; };
  window.benchSeen = seen;
})()`;

/** In the list of operations: \`benchStates['<id> <state>']\` is when the row was first painted in that state, epoch ms. */
export const watchStates = `(() => {
  const seen = {};
  const begun = new Set();
  const look = () => {
    const fresh = [];
    for (const row of document.querySelectorAll('tr[data-id]')) {
      const key = row.dataset.id + ' ' + row.dataset.state;
      if (begun.has(key)) continue;
      begun.add(key);
      fresh.push(key);
    }
    if (fresh.length === 0) return;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        for (const key of fresh) seen[key] = performance.timeOrigin + performance.now();
      };
      port2.postMessage(null);
    });
  };
  look();
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
  window.benchStates = seen;
})()`;

/** The floor: the least that shows a line for a scan, React and an empty list. */
export const floorPage = `<!doctype html><meta charset="utf-8"><div id="root"></div><script src="/react.js"></script><script src="/react-dom.js"></script><script>
const { createElement, useEffect, useState } = React;
function List() {
  const [codes, setCodes] = useState([]);
  useEffect(() => {
    let text = '';
    const onKey = (event) => {
      if (event.key === 'Enter') { const code = text; text = ''; setCodes((before) => [code, ...before]); }
      else if (event.key.length === 1) text += event.key;
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return createElement('ul', null, codes.map((code) => createElement('li', { key: code, 'data-code': code }, code)));
}
ReactDOM.createRoot(document.getElementById('root')).render(createElement(List));
</script>`;
