import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { besideOf, publish } from '../../scripts/lib/publish.mjs';
import { scratchFolder } from './support';

const dir = scratchFolder();
let count = 0;
const place = () => {
  const dist = join(dir, `dist${++count}`);
  mkdirSync(dist);
  return join(dist, 'web');
};

function build(link: string, text: string, inUse = false): string {
  const folder = besideOf(link);
  writeFileSync(join(folder, 'page'), text);
  publish(folder, link, inUse);
  return folder;
}
const hoursAgo = (path: string, hours: number) => {
  const at = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, at, at);
};
const page = (folder: string) => readFileSync(join(folder, 'page'), 'utf8');

describe('a build that is published', () => {
  it('is what the next process opens; one that runs keeps what it opened', () => {
    const link = place();
    build(link, 'old');
    const opened = realpathSync(link);
    build(link, 'new');
    expect([page(link), page(opened)]).toEqual(['new', 'old']);
  });

  it('can be read by others: in the image root builds it and an ordinary user serves it', () => {
    const link = place();
    build(link, 'x');
    expect(statSync(link).mode & 0o777).toBe(0o755);
  });

  it('takes the place of one of before there were links', () => {
    const link = place();
    mkdirSync(link);
    writeFileSync(join(link, 'page'), 'old');
    build(link, 'new');
    expect(page(link)).toBe('new');
  });

  it('has those before it removed, but not at once and not while one runs', () => {
    const link = place();
    const [first, second] = [build(link, '1'), build(link, '2')];
    hoursAgo(first, 2);
    build(link, '3', true);
    expect([first, second].map((folder) => existsSync(folder))).toEqual([true, true]);
    const last = build(link, '4');
    expect([first, second].map((folder) => existsSync(folder))).toEqual([false, true]);
    hoursAgo(last, 2);
    build(link, '5');
    expect(existsSync(last)).toBe(false);
    expect(readdirSync(join(link, '..')).filter((name) => name.endsWith('.next'))).toEqual([]);
  });
});
