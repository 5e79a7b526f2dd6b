/**
 * What GPUs can do at most: dense matrix rates and memory bandwidth, from the makers' public data sheets. Sparse rates,
 * which data sheets print twice as large, are not used. A laptop, PCIe or power-limited part may reach less, never more.
 */

export interface Peak {
  /** Matches the device's name as the driver tells it. */
  pattern: RegExp
  name: string
  /** Dense rates in FLOP/s with fp32 accumulation; null where the part has no such units. */
  bf16: number | null
  fp16: number
  tf32: number | null
  fp32: number
  /** Bytes per second. */
  bandwidth: number
  source: string
}

const T = 1e12
const G = 1e9

/** The first pattern that matches decides: narrower ones stand first. */
export const PEAKS: readonly Peak[] = [
  peak(/GH200/, 'GH200', 989.4, 989.4, 494.7, 66.9, 4000, 'NVIDIA GH200 data sheet'),
  peak(/H200/, 'H200', 989.4, 989.4, 494.7, 66.9, 4800, 'NVIDIA H200 data sheet'),
  peak(/H100.*NVL/, 'H100 NVL', 835.5, 835.5, 417.5, 60, 3900, 'NVIDIA H100 data sheet'),
  peak(/H100.*PCIe/, 'H100 PCIe', 756, 756, 378, 51, 2000, 'NVIDIA H100 data sheet'),
  peak(/H100/, 'H100 SXM', 989.4, 989.4, 494.7, 66.9, 3350, 'NVIDIA H100 data sheet'),
  peak(/A100.*80GB/, 'A100 80GB', 312, 312, 156, 19.5, 2039, 'NVIDIA A100 data sheet'),
  peak(/A100|PG509/, 'A100 40GB', 312, 312, 156, 19.5, 1555, 'NVIDIA A100 data sheet'),
  peak(/\bA40\b/, 'A40', 149.7, 149.7, 74.8, 37.4, 696, 'NVIDIA A40 data sheet'),
  peak(/RTX A6000/, 'RTX A6000', 154.8, 154.8, 77.4, 38.7, 768, 'NVIDIA RTX A6000 data sheet'),
  peak(/\bA10\b/, 'A10', 125, 125, 62.5, 31.2, 600, 'NVIDIA A10 data sheet'),
  peak(/L40S/, 'L40S', 362, 362, 183, 91.6, 864, 'NVIDIA L40S data sheet'),
  peak(/\bL40\b/, 'L40', 181, 181, 90.5, 90.5, 864, 'NVIDIA L40 data sheet'),
  peak(/\bL4\b/, 'L4', 121, 121, 60, 30.3, 300, 'NVIDIA L4 data sheet'),
  peak(/\bT4\b/, 'T4', null, 65, null, 8.1, 320, 'NVIDIA T4 data sheet'),
  peak(/V100/, 'V100', null, 125, null, 15.7, 900, 'NVIDIA V100 data sheet'),
  peak(/RTX 6000 Ada/, 'RTX 6000 Ada', 364, 364, 182, 91.1, 960, 'NVIDIA RTX 6000 Ada data sheet'),
  peak(/RTX 5090/, 'RTX 5090', 209.5, 209.5, 104.8, 104.8, 1792, 'NVIDIA Blackwell GB202 whitepaper'),
  peak(/RTX 4090/, 'RTX 4090', 165.2, 165.2, 82.6, 82.6, 1008, 'NVIDIA Ada GPU architecture whitepaper'),
  peak(
    /RTX 4080 SUPER/,
    'RTX 4080 SUPER',
    104.4,
    104.4,
    52.2,
    52.2,
    736,
    'NVIDIA Ada GPU architecture whitepaper',
  ),
  peak(/RTX 4080/, 'RTX 4080', 97.5, 97.5, 48.7, 48.7, 717, 'NVIDIA Ada GPU architecture whitepaper'),
  peak(/RTX 3090/, 'RTX 3090', 71, 71, 35.6, 35.6, 936, 'NVIDIA Ampere GA102 whitepaper'),
  peak(/RTX 3080/, 'RTX 3080', 59.5, 59.5, 29.8, 29.8, 760, 'NVIDIA Ampere GA102 whitepaper'),
]

/** The peak of a device by its name; undefined for one that is not in the table. */
export const peakOf = (deviceName: string): Peak | undefined =>
  PEAKS.find(({ pattern }) => pattern.test(deviceName))

/** Peak matrix rate for an element type ("bf16", "fp16", "tf32", "fp32"), in FLOP/s; undefined where it is not known. */
export function rateOf(peak: Peak, dtype: string): number | undefined {
  if (dtype === 'bf16') return peak.bf16 ?? undefined
  if (dtype === 'fp16') return peak.fp16
  if (dtype === 'tf32') return peak.tf32 ?? undefined
  return dtype === 'fp32' ? peak.fp32 : undefined
}

function peak(
  pattern: RegExp,
  name: string,
  bf16: number | null,
  fp16: number,
  tf32: number | null,
  fp32: number,
  bandwidth: number,
  source: string,
): Peak {
  const rate = (tera: number | null): number | null => (tera === null ? null : tera * T)
  return {
    pattern,
    name,
    bf16: rate(bf16),
    fp16: fp16 * T,
    tf32: rate(tf32),
    fp32: fp32 * T,
    bandwidth: bandwidth * G,
    source,
  }
}
