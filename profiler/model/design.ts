/** Options → the graphs of a model and the weights they ask for; nothing is read or written. */
import { UserError } from '../../trace/errors.ts'
import { planOf } from '../variants/index.ts'
import type { BuildOptions, BuiltModel } from './built.ts'
import type { VggtConfig } from './config.ts'
import { checkConfig } from './config.ts'
import type { Context } from './context.ts'
import { sizesOf } from './context.ts'
import type { Draft } from './drafts.ts'
import { phaseDrafts, wholeDraft } from './drafts.ts'
import type { Plan } from './plan.ts'
import { outputsOf, stagesOf } from './stages.ts'
import { Parameters } from './weights/parameters.ts'
import type { WeightRequest, Weights } from './weights/weights.ts'

export interface Design extends Omit<BuiltModel, 'steps'> {
  readonly drafts: readonly Draft[]
  readonly plan: Plan
  readonly requests: readonly WeightRequest[]
}

/** Everything but where the weights come from and where the files go. */
export type DesignOptions = Omit<BuildOptions, 'weights' | 'directory'>

/**
 * Designs the graphs; their initializers will read `weights` when they are written. Throws a UserError for
 * sizes or variants that do not fit the config.
 */
export function designVggt(options: DesignOptions, weights: Weights): Design {
  const { config } = options
  checkConfig(config)
  const plan = planOf(options.variants, 'onnx', options.attention)
  checkPlan(plan, config)
  const { height, width } = plan.resolution ?? options
  const sizes = sizesOf(config, options.frames, height, width)
  const context: Context = { config, plan, sizes, parameters: new Parameters(weights) }
  const extras = { golden: options.golden ?? false }
  const stages = stagesOf(context, extras)
  const outputs = outputsOf(context, extras)
  const inputShape = [1, sizes.frames, 3, sizes.height, sizes.width]
  const drafts =
    options.split === 'whole' ? [wholeDraft(stages, outputs, inputShape)] : phaseDrafts(stages, inputShape)
  return {
    drafts,
    plan,
    inputShape,
    outputs,
    requests: context.parameters.all(),
    parameters: context.parameters.count(),
    flops: drafts.reduce((sum, draft) => sum + draft.graph.flops, 0),
  }
}

function checkPlan({ localGlobal }: Plan, { depth }: VggtConfig): void {
  if (localGlobal.layers <= depth) return
  const which = localGlobal.weights === 'own' ? 'g2f-own' : 'g2f-framew'
  throw new UserError(
    'bad-request',
    `variant ${which}:${localGlobal.layers}: the model has ${depth} global blocks`,
  )
}
