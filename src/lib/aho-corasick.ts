import { Intervals } from './intervals.js';

/** A text to look for, in Latin-1. */
export interface Pattern {
  text: string;
  /** Whether only a match without the text's first and last character counts. */
  isQuoted: boolean;
}

const NONE = -1;
const ROW = 256;

/**
 * Finds many texts in one pass over the bytes (Aho-Corasick). Memory is linear in the length of the patterns: a node
 * with one child stores it directly, and only a node with several has a row of 256.
 */
export class AhoCorasick {
  /** Nodes of the trie, the root included. */
  readonly size: number;
  /** By node: the byte of its only child, and that child; or the place of its row. */
  private readonly byte: Int16Array;
  private readonly child: Int32Array;
  private readonly row: Int32Array;
  private rows: Int32Array;
  private rowCount = 1;
  /** By node: its failure link, to the longest suffix that some pattern begins with. */
  private readonly fail: Int32Array;
  private readonly depth: Int32Array;
  /** By node: how long the longest pattern is that ends here. */
  private readonly plainEnd: Int32Array;
  private readonly quotedEnd: Int32Array;
  /** By node: whether a pattern ends here. */
  private readonly isEnd: Uint8Array;
  /** By node: whether it has no children. */
  private readonly isLeaf: Uint8Array;
  /** By node: whether a pattern that is not quoted leads through here. */
  private readonly isPlain: Uint8Array;

  constructor(patterns: readonly Pattern[]) {
    const most = 1 + patterns.reduce((sum, { text }) => sum + text.length, 0);
    this.byte = new Int16Array(most).fill(NONE);
    this.row = new Int32Array(most).fill(NONE);
    this.rows = new Int32Array(ROW * 2);
    this.row[0] = 0;
    this.child = new Int32Array(most);
    this.fail = new Int32Array(most);
    this.depth = new Int32Array(most);
    this.plainEnd = new Int32Array(most);
    this.quotedEnd = new Int32Array(most);
    this.isEnd = new Uint8Array(most);
    this.isLeaf = new Uint8Array(most);
    this.isPlain = new Uint8Array(most);
    let size = 1;
    for (const pattern of patterns) size = this.add(pattern, size);
    this.size = size;
    this.link();
  }

  /**
   * The matches in order, without overlaps. With `isCut`, also the beginning of a pattern at the end of the bytes.
   */
  find(bytes: Uint8Array, isCut: boolean): Intervals {
    const { byte, child, rows, isEnd } = this;
    const found = new Intervals();
    let start = 0;
    let end = 0;
    let node = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const wanted = bytes[at] as number;
      if (node === 0) node = rows[wanted] as number;
      else if (byte[node] === wanted) node = child[node] as number;
      else node = this.nextOf(node, wanted);
      if (isEnd[node] === 0) continue;
      const quoted = this.quotedEnd[node] as number;
      if (quoted !== 0) {
        found.add(start, end);
        found.add(at + 2 - quoted, at);
        start = end = at;
      }
      const plain = this.plainEnd[node] as number;
      if (plain === 0) continue;
      // Overlapping matches grow into one, which is recorded once.
      const first = at + 1 - plain;
      if (first >= end) found.add(start, end);
      if (first >= end || first < start) start = first;
      end = at + 1;
    }
    found.add(start, end);
    if (isCut) this.addPartialMatch(found, node, bytes.length);
    return found;
  }

  /** The state after a byte that is not the only child's. */
  private nextOf(from: number, wanted: number): number {
    let node = from;
    for (;;) {
      const next = this.childOf(node, wanted);
      if (next !== 0 || node === 0) return next;
      node = this.fail[node] as number;
    }
  }

  /** The longest prefix of a pattern at the end of the bytes. Whole patterns were found before. */
  private addPartialMatch(found: Intervals, last: number, end: number): void {
    let node = last;
    while (this.isLeaf[node] === 1) node = this.fail[node] as number;
    const start = end - (this.depth[node] as number) + (this.isPlain[node] === 1 ? 0 : 1);
    if (node !== 0) found.add(start, end);
  }

  private add({ text, isQuoted }: Pattern, size: number): number {
    let node = 0;
    let count = size;
    for (let at = 0; at < text.length; at += 1) {
      const byte = text.charCodeAt(at) & 0xff;
      let next = this.childOf(node, byte);
      if (next === 0) {
        next = count++;
        this.depth[next] = at + 1;
        this.setChild(node, byte, next);
      }
      node = next;
      if (!isQuoted) this.isPlain[node] = 1;
    }
    const ends = isQuoted ? this.quotedEnd : this.plainEnd;
    ends[node] = text.length;
    return count;
  }

  private childOf(node: number, byte: number): number {
    if (this.byte[node] === byte) return this.child[node] as number;
    const row = this.row[node] as number;
    return row === NONE ? 0 : (this.rows[row + byte] as number);
  }

  private setChild(node: number, byte: number, next: number): void {
    if (this.row[node] === NONE && this.byte[node] === NONE) {
      this.byte[node] = byte;
      this.child[node] = next;
      return;
    }
    if (this.row[node] === NONE) {
      const row = this.newRow();
      this.row[node] = row;
      this.rows[row + (this.byte[node] as number)] = this.child[node] as number;
      this.byte[node] = NONE;
    }
    this.rows[(this.row[node] as number) + byte] = next;
  }

  private newRow(): number {
    const row = this.rowCount * ROW;
    this.rowCount += 1;
    if (this.rowCount * ROW > this.rows.length) {
      const larger = new Int32Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    return row;
  }

  /** Level by level: a node's failure link is on a higher level and has to be set first. */
  private link(): void {
    const queue = new Int32Array(this.size);
    let length = 1;
    for (let head = 0; head < length; head += 1) {
      const node = queue[head] as number;
      if (this.isLeaf[node] === 1) continue;
      const only = this.byte[node] as number;
      if (only !== NONE) {
        queue[length++] = this.child[node] as number;
        this.linkChild(node, only);
      }
      const row = this.row[node] as number;
      if (row === NONE) continue;
      for (let byte = 0; byte < ROW; byte += 1) {
        const next = this.rows[row + byte] as number;
        if (next === 0) continue;
        queue[length++] = next;
        this.linkChild(node, byte);
      }
    }
  }

  private linkChild(parent: number, byte: number): void {
    const node = this.childOf(parent, byte);
    const fail = parent === 0 ? 0 : this.nextOf(this.fail[parent] as number, byte);
    this.fail[node] = fail;
    this.plainEnd[node] ||= this.plainEnd[fail] as number;
    this.quotedEnd[node] ||= this.quotedEnd[fail] as number;
    if (this.plainEnd[node] + this.quotedEnd[node] > 0) this.isEnd[node] = 1;
    if (this.byte[node] !== NONE || this.row[node] !== NONE) return;
    // After a whole pattern the search continues from its failure link.
    this.isLeaf[node] = 1;
    this.byte[node] = this.byte[fail] as number;
    this.child[node] = this.child[fail] as number;
    this.row[node] = this.row[fail] as number;
  }
}
