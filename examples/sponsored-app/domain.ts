/** Who users sign in to: the page's own domain. A signature for another one is not taken. */
export const domain = 'app.example'
