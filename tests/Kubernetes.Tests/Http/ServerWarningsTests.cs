using Fleet.Kubernetes.Http;

namespace Fleet.Kubernetes.Tests.Http;

public sealed class ServerWarningsTests
{
    [Theory]
    [InlineData("299 - \"spec.x is not acted on\"", "spec.x is not acted on")]
    [InlineData("299 - \"unknown field \\\"spec.y\\\"\"", "unknown field \"spec.y\"")]
    public void The_text_of_a_warning_is_unquoted(string header, string expected) => Assert.Equal([expected], Warnings(header));

    [Fact]
    public void Other_codes_are_not_the_API_servers() => Assert.Empty(Warnings("199 proxy \"stale\""));

    private static IEnumerable<string> Warnings(string header)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Warning", header);
        return [.. ServerWarnings.Of(response.Headers)];
    }
}
