using Evolute.Tasks.Countdown;

namespace Evolute.Tests.Tasks;

public class AttemptsTests
{
    [Theory]
    [InlineData("", 0), InlineData("no idea", 0), InlineData(" the numbers are 3, 7 and 21", 0)]
    [InlineData(" 25+21 7 3 no, 7+39 25 3 *</think>\n<answer> 7+(3*25) </answer>", 2)]
    [InlineData("First (3 + 7) * 25 = 250.\nThen 25 - 7 = 18, too small; 25+7 = 32", 3)]
    [InlineData("3 + x, 3 plus 4, - 7", 0), InlineData("8 / (3)", 1)]
    public void Parts_with_an_operation_between_numbers_count(string response, int attempts) => Assert.Equal(attempts, Attempts.In(response));
}
