using Evolute.Models;
using static Evolute.Tests.Models.RawSafetensors;

namespace Evolute.Tests.Models;

public class SafetensorsFileTests
{
    /// <summary>A header, the bytes of data after it, and words of the sentence that refuses it.</summary>
    public static TheoryData<string, int, string> BadHeaders
    {
        get
        {
            string a = Entry("a", "[2]", 0, 8);
            return new()
            {
                { $"{{{a}}}", 7, "cut short: its tensors take 8 bytes and 7 are there" },
                { $"{{{a}}}", 9, "1 bytes at the end belong to no tensor" },
                { "{}", 1, "belong to no tensor" },
                { $"{{{a},{Entry("b", "[2]", 4, 12)}}}", 12, "tensor 'b' begins at byte 4 where byte 8 is due, so tensors overlap" },
                { $"{{{a},{Entry("b", "[2]", 0, 8)}}}", 8, "overlap" },
                { $"{{{a},{Entry("b", "[1]", 12, 16)}}}", 16, "leave a hole" },
                { $"{{{Entry("a", "[1]", 4, 8)}}}", 8, "leave a hole" },
                { $"{{{a},{Entry("a", "[2]", 8, 16)}}}", 16, "tensor 'a' is there twice" },
                { $"{{{a},{Entry("\\u0061", "[2]", 8, 16)}}}", 16, "tensor 'a' is there twice" },
                { $"{{{Entry("a", "[2]", 8, 0)}}}", 8, "not a begin and an end" },
                { $"{{{Entry("a", "[3]", 0, 8)}}}", 8, "does not take the 8 bytes" },
                { $"{{{Entry("a", "[4294967296,4294967296,4294967296]", 0, 0)}}}", 0, "does not take the 0 bytes" },
                { $"{{{Entry("a", "[9223372036854775807,2]", 0, 8)}}}", 8, "does not take the 8 bytes" },
                { $"{{{Entry("a", "[-2]", 0, 8)}}}", 8, "whole numbers from 0" },
                { $"{{{Entry("a", "[2.0]", 0, 8)}}}", 8, "whole numbers from 0" },
                { $"{{{Entry("a", "[1e400]", 0, 8)}}}", 8, "whole numbers from 0" },
                { $"{{{Entry("a", "[9223372036854775808]", 0, 8)}}}", 8, "whole numbers from 0" },
                { $"{{{Entry("a", "[\"2\"]", 0, 8)}}}", 8, "whole numbers from 0" },
                { $"{{{Entry("a", "2", 0, 8)}}}", 8, "shape of tensor 'a' is not a list" },
                { $"{{{Entry("a", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", 0, 8)}}}", 8, "more than 16 numbers" },
                { $"{{{Entry(new string('a', 5000), "[2]", 0, 8)}}}", 8, "longer than 4096 bytes" },
                { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", 8, "more than 2 numbers" },
                { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", 8, "not a begin and an end" },
                { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks dtype, shape or data_offsets" },
                { "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "has dtype twice" },
                { "{\"a\":{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "dtype of tensor 'a' is not a string" },
                { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"strides\":[1]}}", 8, "unknown field 'strides'" },
                { "{\"a\":[2]}", 8, "tensor 'a' is not an object" },
                { $"{{\"__metadata__\":{{\"x\":1}},{a}}}", 8, "a value of __metadata__ is not a string" },
                { $"{{\"__metadata__\":{{}},\"__metadata__\":{{}},{a}}}", 8, "__metadata__ is there twice" },
                { $"{{\"\\ud800\":{{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}}}", 8, "not valid JSON" },
                { $"{{{a}}} x", 8, "not valid JSON (line 1" },
                { $"{{{a}", 8, "not valid JSON" },
                { $"{{{a},}}", 8, "not valid JSON" },
                { $" {{{a}}}", 8, "does not begin with '{'" },
                { "[]", 8, "does not begin with '{'" },
                { "\0\0\0\0", 8, "does not begin with '{'" },
            };
        }
    }

    [Theory, MemberData(nameof(BadHeaders))]
    public void A_bad_header_is_refused_in_one_sentence_that_names_the_file(string header, int dataBytes, string words) =>
        Assert.Contains(words, Refused(Bytes(header, dataBytes)));

    [Theory]
    [InlineData("", "0 bytes are too few")]
    [InlineData("0102030405", "5 bytes are too few")]
    [InlineData("0000000000000000", "a header of 0 bytes is impossible")]
    [InlineData("01E1F505000000007B7D", "a header of 100000001 bytes is impossible")]
    [InlineData("FFFFFFFFFFFFFFFF7B7D", "a header of 18446744073709551615 bytes is impossible")]
    [InlineData("00E1F505000000007B7D", "cut short: its header takes 100000000 bytes and 2 are there")]
    [InlineData("03000000000000007B7D", "cut short: its header takes 3 bytes and 2 are there")]
    [InlineData("050000000000000022FF223A7B", "does not begin with '{'")]
    [InlineData("08000000000000007B22FF223A7B7D7D", "not valid JSON")]
    public void A_bad_start_is_refused(string hex, string words) => Assert.Contains(words, Refused(Convert.FromHexString(hex)));

    [Fact]
    public void Every_cut_of_a_good_file_is_refused()
    {
        byte[] whole = Bytes($"{{{Entry("a", "[2]", 0, 8)},{Entry("b", "[]", 8, 12)}}}   ", 12);
        for (int length = 0; length < whole.Length; length++) Refused(whole[..length]);
    }

    [Fact]
    public void Good_headers_of_every_style_are_read()
    {
        using TempFolder temp = new();
        string header = $"{{\"__metadata__\":{{\"format\":\"pt\",\"x\":\"\"}},\n{Entry("b", "[0,7]", 8, 8, "BF16")}, {Entry("é😀", "[2]", 8, 16, "I32")},{Entry("a", "[]", 0, 8, "F64")}}}   ";
        File.WriteAllBytes(temp["x"], Bytes(header, 16));
        using SafetensorsFile file = SafetensorsFile.Open(temp["x"]);
        Assert.Equal(["a", "b", "é😀"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0, 7], file.Tensors["b"].Shape);
        Assert.Null(file.Tensors["a"].StoredType);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadBytes(file.Tensors["a"], 1, new byte[8]));
    }

    [Fact]
    public void A_file_that_is_cut_after_it_was_opened_is_named()
    {
        using TempFolder temp = new();
        File.WriteAllBytes(temp["x"], Bytes($"{{{Entry("a", "[2]", 0, 8)}}}", 8));
        using SafetensorsFile file = SafetensorsFile.Open(temp["x"]);
        using (FileStream cut = new(temp["x"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) cut.SetLength(cut.Length - 1);
        var error = Assert.Throws<EvoluteInputException>(() => file.ReadBytes(file.Tensors["a"], 0, new byte[8]));
        Assert.Equal($"{temp["x"]}: the file ends too early; download or copy it again.", error.Message);
    }

    [Fact]
    public void What_is_no_file_is_named()
    {
        using TempFolder temp = new();
        Assert.Contains("there is no such file", Assert.Throws<EvoluteInputException>(() => SafetensorsFile.Open(temp["x"])).Message);
        Assert.Contains("cannot be read", Assert.Throws<EvoluteInputException>(() => SafetensorsFile.Open(temp.Path)).Message);
    }

    private static string Refused(byte[] file)
    {
        using TempFolder temp = new();
        File.WriteAllBytes(temp["model.safetensors"], file);
        string message = Assert.Throws<EvoluteInputException>(() => SafetensorsFile.Open(temp["model.safetensors"])).Message;
        Assert.StartsWith(temp["model.safetensors"] + ": ", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
