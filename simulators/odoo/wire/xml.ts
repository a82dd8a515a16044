/** A minimal XML reader for XML-RPC bodies, with the error texts and positions of Python's expat. */

export interface XmlNode {
  name: string;
  children: XmlNode[];
  text: string;
}

/** What expat raises; `message` is the text after `xml.parsers.expat.ExpatError: `. */
export class ExpatError extends Error {}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Parses one document and returns its root element.
 * @throws ExpatError for anything that is not well-formed (an empty body included)
 */
export function parseXml(source: string): XmlNode {
  return new Reader(source).document();
}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  document(): XmlNode {
    const root: XmlNode = { name: '', children: [], text: '' };
    const open: XmlNode[] = [root];
    while (this.at < this.source.length) {
      const current = open[open.length - 1] as XmlNode;
      if (this.source[this.at] !== '<') {
        this.characters(current, open.length === 1, root.children.length > 0);
      } else if (this.source.startsWith('<!--', this.at)) {
        this.skipTo('-->');
      } else if (this.source.startsWith('<?', this.at)) {
        this.skipTo('?>');
      } else if (this.source.startsWith('<![CDATA[', this.at)) {
        const start = this.at + 9;
        this.skipTo(']]>');
        current.text += this.source.slice(start, this.at - 3);
      } else if (this.source.startsWith('</', this.at)) {
        this.closeTag(open);
      } else {
        if (open.length === 1 && root.children.length > 0) this.fail('junk after document element', this.at);
        this.openTag(open);
      }
    }
    if (open.length > 1 || root.children.length === 0) this.fail('no element found', this.source.length);
    return root.children[0] as XmlNode;
  }

  private characters(current: XmlNode, atTop: boolean, afterRoot: boolean): void {
    const next = this.source.indexOf('<', this.at);
    const end = next === -1 ? this.source.length : next;
    const raw = this.source.slice(this.at, end);
    const bad = FORBIDDEN.exec(raw);
    if (bad) this.fail('not well-formed (invalid token)', this.at + bad.index);
    if (atTop) {
      const junk = raw.search(/[^\s\uFEFF]/);
      if (junk >= 0) {
        this.fail(afterRoot ? 'junk after document element' : 'syntax error', this.at + junk);
      }
    } else {
      current.text += this.decode(raw.replace(/\r\n?/g, '\n'));
    }
    this.at = end;
  }

  private decode(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;]*;?)/g, (_whole, body: string, offset: number) => {
      const name = body.slice(0, -1);
      if (!body.endsWith(';')) this.fail('not well-formed (invalid token)', this.at + offset);
      const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
      if (code) return String.fromCodePoint(code[1] ? parseInt(code[1], 16) : Number(code[2]));
      const text = ENTITIES[name];
      if (text === undefined) this.fail('undefined entity', this.at + offset);
      return text as string;
    });
  }

  private openTag(open: XmlNode[]): void {
    const tag = /^<([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/.exec(
      this.source.slice(this.at, this.at + 2000),
    );
    if (!tag) {
      const end = this.source.indexOf('>', this.at);
      if (end === -1) this.fail(this.source.length > this.at + 1 ? 'unclosed token' : 'no element found', this.at);
      this.fail('not well-formed (invalid token)', this.at + 1);
      return;
    }
    const node: XmlNode = { name: tag[1] as string, children: [], text: '' };
    (open[open.length - 1] as XmlNode).children.push(node);
    if (tag[2] !== '/') open.push(node);
    this.at += tag[0].length;
  }

  private closeTag(open: XmlNode[]): void {
    const tag = /^<\/([A-Za-z_][\w.:-]*)\s*>/.exec(this.source.slice(this.at, this.at + 300));
    if (!tag) this.fail('not well-formed (invalid token)', this.at + 2);
    const current = open[open.length - 1] as XmlNode;
    if (open.length === 1 || current.name !== (tag as RegExpExecArray)[1]) this.fail('mismatched tag', this.at + 2);
    open.pop();
    this.at += (tag as RegExpExecArray)[0].length;
  }

  private skipTo(mark: string): void {
    const end = this.source.indexOf(mark, this.at);
    if (end === -1) this.fail('unclosed token', this.at);
    this.at = end + mark.length;
  }

  private fail(what: string, index: number): never {
    const before = this.source.slice(0, index);
    const line = before.split('\n').length;
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length;
    throw new ExpatError(`${what}: line ${line}, column ${column}`);
  }
}
