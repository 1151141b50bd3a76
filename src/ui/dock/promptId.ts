/** Other parts put the focus on the prompt ("start from text"). */
export const promptId = 'prompt';
