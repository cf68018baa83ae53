import type { JsonOption, OptionFacts, UserFacts } from './facts.ts'
import { matchingModelName } from './model-names.ts'

/** How names begin that a gateway's built-in prices and ratios cover, vendor by vendor. */
const BUILT_IN = `
  gpt- chatgpt- o1 o3 o4- text- code- davinci curie babbage whisper tts- dall-e sora- openai/
  claude- gemini- imagen- veo- PaLM ERNIE- BLOOMZ- Embedding- bge- tao- chatglm glm- zai-org/
  qwen Qwen/ SparkDesk 360 hunyuan yi- abab moonshot- command deepseek llama mistral open-mi
  grok- suno_ mj_ swap_face black-forest-labs/ NousResearch/ embedding semantic_similarity
`
  .trim()
  .split(/\s+/)

/**
 * Whether the gateway finds a price for a model, or does without (new-api relay/helper/price.go).
 * Where neither option is stored the built-in prices count, of which only the vendors are known: a
 * model of theirs passes for priced.
 */
export function isPriced(options: OptionFacts, model: string, user: UserFacts | null): boolean {
  if (options.selfUse || user?.acceptsUnpriced === true) return true
  const name = matchingModelName(model)
  return hasPrice(options.modelPrice, name) || hasPrice(options.modelRatio, name)
}

/** A stored option replaces the built-in one, and one that is not JSON empties it. */
function hasPrice(option: JsonOption<ReadonlySet<string>>, name: string): boolean {
  if (option.kind === 'value') return option.value.has(name)
  return option.kind === 'absent' && BUILT_IN.some((prefix) => name.startsWith(prefix))
}
