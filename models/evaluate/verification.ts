/** How well a similarity tells pairs of one person from pairs of two [LFW, Huang 2007; Huang and Learned-Miller 2014]. */
export interface Verification {
  /** Mean over the folds: each is judged with the threshold that is best on the others. */
  accuracy: number;
  /** For each share of false matches allowed: the threshold and the share of true matches above it. */
  atFalseMatches: { share: number; threshold: number; trueMatches: number }[];
}

/** One pair that was compared. */
export interface ScoredPair {
  fold: number;
  isSame: boolean;
  similarity: number;
}

/** Throws RangeError without pairs of both kinds. */
export function verify(pairs: readonly ScoredPair[], shares: readonly number[]): Verification {
  const different = pairs.filter(({ isSame }) => !isSame).map(({ similarity }) => similarity);
  const same = pairs.filter(({ isSame }) => isSame).map(({ similarity }) => similarity);
  if (same.length === 0 || different.length === 0)
    throw new RangeError('pairs of one person and of two are needed');
  const descending = different.toSorted((a, b) => b - a);
  const atFalseMatches = shares.map((share) => {
    const threshold = descending[Math.floor(share * descending.length)]!;
    const above = same.filter((similarity) => similarity > threshold).length;
    return { share, threshold, trueMatches: above / same.length };
  });
  const folds = [...new Set(pairs.map(({ fold }) => fold))];
  const accuracies = folds.map((fold) => {
    const others = pairs.filter((pair) => pair.fold !== fold);
    const threshold = bestThreshold(others.length > 0 ? others : pairs);
    return rightShare(
      pairs.filter((pair) => pair.fold === fold),
      threshold,
    );
  });
  return { accuracy: accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length, atFalseMatches };
}

/** The threshold, between two similarities, with most pairs on their side. */
function bestThreshold(pairs: readonly ScoredPair[]): number {
  const ascending = pairs.toSorted((a, b) => a.similarity - b.similarity);
  let right = ascending.filter(({ isSame }) => isSame).length;
  let best = { right, threshold: Number.NEGATIVE_INFINITY };
  ascending.forEach(({ isSame, similarity }, i) => {
    right += isSame ? -1 : 1;
    const next = ascending[i + 1]?.similarity ?? similarity + 1;
    if (right > best.right && next > similarity) best = { right, threshold: (similarity + next) / 2 };
  });
  return best.threshold;
}

function rightShare(pairs: readonly ScoredPair[], threshold: number): number {
  return pairs.filter(({ isSame, similarity }) => similarity > threshold === isSame).length / pairs.length;
}
