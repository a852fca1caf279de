namespace Evolute.Generation;

/// <summary>A prompt that one of the members that a seat holds is to go on from.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="Index">Its index among its member's prompts, for its draws.</param>
/// <param name="Draws">The member's random numbers.</param>
internal readonly record struct MemberPrompt(int[] Ids, int Index, TokenDraws Draws);
