using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;
using Evolute.Tasks.Rows;

namespace Evolute.Tests.Tasks;

public class JsonSchemaTests
{
    private const string Person = """
        {
          "title": "A person", "type": "object", "required": ["name", "age"], "additionalProperties": false,
          "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 3 },
            "age": { "type": "integer", "minimum": 0, "exclusiveMaximum": 150 },
            "tags": { "type": "array", "items": { "enum": ["a", "b", 1] }, "minItems": 1, "maxItems": 2 },
            "id": { "anyOf": [{ "type": "null" }, { "type": "string", "pattern": "^[0-9]+$" }] }
          }
        }
        """;

    [Theory]
    [InlineData("""{"name":"Ann","age":3}""", true)]
    [InlineData("""{"name":"😀😀😀","age":3.0,"tags":["a",1],"id":"12"}""", true)]
    [InlineData("""{"name":"Ann","age":3,"id":null}""", true)]
    [InlineData("""{"name":"Anna","age":3}""", false)]
    [InlineData("""{"name":"","age":3}""", false)]
    [InlineData("""{"name":"Ann"}""", false)]
    [InlineData("""{"name":"Ann","age":3.5}""", false)]
    [InlineData("""{"name":"Ann","age":-1}""", false)]
    [InlineData("""{"name":"Ann","age":150}""", false)]
    [InlineData("""{"name":"Ann","age":3,"tags":[]}""", false)]
    [InlineData("""{"name":"Ann","age":3,"tags":["a","b","a"]}""", false)]
    [InlineData("""{"name":"Ann","age":3,"tags":["c"]}""", false)]
    [InlineData("""{"name":"Ann","age":3,"id":"x"}""", false)]
    [InlineData("""{"name":"Ann","age":3,"more":1}""", false)]
    [InlineData("""["Ann",3]""", false)]
    public void The_usual_keywords_are_obeyed(string value, bool valid) => Assert.Equal(valid, Describes(Person, value));

    [Theory]
    [InlineData("true", "1", true)]
    [InlineData("false", "1", false)]
    [InlineData("""{"const":{"a":1.0}}""", """{"a":1}""", true)]
    [InlineData("""{"not":{"type":"string"}}""", "1", true)]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":3}]}""", "2", false)]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":3}]}""", "5", true)]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "2", true)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", """{"x":"y"}""", false)]
    [InlineData("""{"minProperties":1,"maxProperties":1}""", """{"x":"y"}""", true)]
    [InlineData("""{"exclusiveMinimum":1}""", "1", false)]
    [InlineData("""{"minLength":2}""", "1", true)]
    public void Keywords_combine(string schema, string value, bool valid) => Assert.Equal(valid, Describes(schema, value));

    [Theory]
    [InlineData("""{"$ref":"#/x"}""", "s: the schema's keyword '$ref' is not known.")]
    [InlineData("""{"requierd":["a"]}""", "s: the schema's keyword 'requierd' is not known. Did you mean 'required'?")]
    [InlineData("""{"type":"text"}""", "s: the schema's 'type' cannot be 'text'.")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "s: the schema's 'properties', 'a': the schema's 'minLength' must be a whole number from 0.")]
    [InlineData("""{"pattern":"(a)\\1"}""", "s: the schema's 'pattern' is no regular expression that works without backtracking: ")]
    [InlineData("""{"items":[{}]}""", "s: the schema's 'items': a schema must be an object.")]
    [InlineData("""{"enum":1}""", "s: the schema's 'enum' is ill-formed.")]
    [InlineData("""{"anyOf":[]}""", "s: the schema's 'anyOf' must be a list of schemas.")]
    [InlineData("3", "s: a schema must be an object.")]
    public void What_is_not_obeyed_is_refused(string schema, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<EvoluteInputException>(() => JsonSchema.Parse(JsonElement.Parse(schema), "s")).Message);

    [Fact]
    public void A_task_takes_one_schema_or_each_row_s_own()
    {
        TuningTask common = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "json-schema", ["schema"] = """{"type":"array"}""" });
        TaskProblem problem = common.FromRow(JsonElement.Parse("""{"prompt":"p"}"""), "row 1");
        Assert.Equal((true, false, false), (common.Score(problem, "Here:\n```json\n[1]\n```").Correct, common.Score(problem, "{}").Correct, common.Score(problem, "[1").Correct));
        TuningTask own = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "json-schema", ["answer-column"] = "schema" });
        Assert.True(own.Score(own.FromRow(JsonElement.Parse("""{"prompt":"p","schema":{"type":"object"}}"""), "row 1"), "{}").Correct);
        Assert.StartsWith(
            "row 1: column 'schema': the schema's 'type' cannot be 'obj'.",
            Assert.Throws<EvoluteInputException>(() => own.FromRow(JsonElement.Parse("""{"prompt":"p","schema":"{\"type\":\"obj\"}"}"""), "row 1")).Message);
    }

    private static bool Describes(string schema, string value) => JsonSchema.Parse(JsonElement.Parse(schema), "s").Describes(JsonElement.Parse(value));
}
