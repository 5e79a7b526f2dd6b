/**
 * An API call's name without the version of its table entry, as people write it: cudaLaunchKernel_v7000 → cudaLaunchKernel,
 * cudaGraphLaunch_v10000 → cudaGraphLaunch, cuMemAlloc_v2 stays (that is the function's name).
 */
const VERSIONED = /^(cu\w+?)_v\d{4,5}(_ptsz|_ptds)?$/

export const callName = (name: string): string => VERSIONED.exec(name)?.[1] ?? name
