/** Elements of the page, which is written in index.html and only filled in here: focus stays where it is. */
export function element<type extends HTMLElement = HTMLElement>(id: string): type {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no element #${id}`)
  return found as type
}

export function setText(id: string, text: string): void {
  const target = element(id)
  if (target.textContent !== text) target.textContent = text
}

export function show(id: string, visible: boolean): void {
  element(id).hidden = !visible
}

export type Tone = 'good' | 'bad' | 'wait' | 'none'

export function setPill(id: string, text: string, tone: Tone): void {
  setText(id, text)
  element(id).dataset.tone = tone
}

/** A new element with text or other elements in it; never markup. */
export function create<name extends keyof HTMLElementTagNameMap>(
  name: name,
  attributes: Readonly<Record<string, string>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[name] {
  const created = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes))
    created.setAttribute(attribute, value)
  created.append(...children)
  return created
}

/** Puts new items into a list when they differ from those in it, so that nothing is read out twice. */
export function setItems(id: string, items: readonly HTMLElement[]): void {
  const list = element(id)
  const changed =
    items.length !== list.children.length ||
    items.some((item, index) => !item.isEqualNode(list.children[index] ?? null))
  if (changed) list.replaceChildren(...items)
}
