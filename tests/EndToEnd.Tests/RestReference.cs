using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>docs/reference/rest.md from the OpenAPI document that a whole fleet serves. FLEET_UPDATE_REFERENCE=1 writes it; without it a difference fails.</summary>
internal static class RestReference
{
    public static void MustBeCurrent(JsonNode document)
    {
        var page = new StringBuilder("# REST\n\nMade from `/openapi/v1.json`, which has parameters, bodies and answers; how it is used is in the [guide](../guides/rest-api.md).\n\n| call | |\n|---|---|\n");
        foreach (var (path, operations) in document["paths"]!.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal))
            foreach (var (method, operation) in operations!.AsObject().OrderBy(entry => entry.Key, StringComparer.Ordinal))
                page.Append("| `").Append(method.ToUpperInvariant()).Append(' ').Append(path).Append("` | ").Append(((string?)operation!["summary"] ?? "").Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        var file = Path.Combine(TestLogs.RepositoryRoot, "docs", "reference", "rest.md");
        if (Environment.GetEnvironmentVariable("FLEET_UPDATE_REFERENCE") is { Length: > 0 })
            File.WriteAllText(file, page.ToString());
        Assert.True(page.ToString() == File.ReadAllText(file), "docs/reference/rest.md is old: FLEET_UPDATE_REFERENCE=1 ./fleet test EndToEnd -- -class '*DebianPackageTests' writes it anew");
    }
}
