using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Packages;

public sealed partial class BillOfMaterialsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-sbom");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Every_part_that_is_shipped_is_in_it_with_a_known_licence()
    {
        var (code, _, error) = Make(Repository.Root);
        Assert.True(code == 0, error);
        var bom = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "sbom.cdx.json")))!;
        Assert.Equal(("CycloneDX", "1.5", 1), ((string)bom["bomFormat"]!, (string)bom["specVersion"]!, (int)bom["version"]!));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", (string)bom["serialNumber"]!);
        var components = bom["components"]!.AsArray();
        foreach (var component in components)
        {
            // What CycloneDX' schema asks of a component, and what a scanner needs.
            Assert.Equal("library", (string?)component!["type"]);
            Assert.Matches("^pkg:(nuget|npm)/[^@]+@.+$", (string)component["purl"]!);
            Assert.Matches("^[0-9a-f]{128}$", (string)component["hashes"]![0]!["content"]!);
            Assert.NotEqual("unknown", (string?)(component["licenses"]![0]!["license"]?["id"] ?? component["licenses"]![0]!["expression"]));
        }
        var references = components.Select(component => (string)component!["bom-ref"]!).ToList();
        Assert.Equal(references.Distinct(), references);
        Assert.Equal(references, bom["dependencies"]![0]!["dependsOn"]!.AsArray().Select(reference => (string)reference!));
        // Every package that a program's project asks for.
        foreach (var project in (string[])["Cli", "ClusterManager", "Fleet", "Observability", "StateManager", "Sources", "Rest"])
            foreach (Match asked in Package().Matches(Repository.Read("src", project, $"{project}.csproj")).Where(asked => !asked.Value.Contains("Grpc.Tools", StringComparison.Ordinal)))
                Assert.Contains(references, reference => reference.StartsWith($"pkg:nuget/{asked.Groups[1].Value}@", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(references, reference => reference.StartsWith("pkg:npm/react@", StringComparison.Ordinal));
        Assert.DoesNotContain(references, reference => reference.StartsWith("pkg:npm/vitest@", StringComparison.Ordinal));
        Assert.Equal(components.Count, File.ReadLines(Path.Combine(folder.FullName, "licenses.txt")).Count(line => line.Contains("pkg:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_licence_that_may_not_be_shipped_stops_the_release()
    {
        var root = folder.CreateSubdirectory("root");
        Directory.CreateSymbolicLink(Path.Combine(root.FullName, "artifacts"), Repository.Path("artifacts"));
        var console = Directory.CreateDirectory(Path.Combine(root.FullName, "src", "Console"));
        var integrity = "sha512-" + Convert.ToBase64String(new byte[64]);
        File.WriteAllText(
            Path.Combine(console.FullName, "package-lock.json"),
            """
            {"packages": {"": {},
             "node_modules/sold": {"version": "1.0.0", "license": "SSPL-1.0", "integrity": "INTEGRITY"},
             "node_modules/either": {"version": "1.0.0", "license": "(GPL-3.0 OR MIT)", "integrity": "INTEGRITY"}}}
            """.Replace("INTEGRITY", integrity, StringComparison.Ordinal));
        var (code, _, error) = Make(root.FullName);
        Assert.NotEqual(0, code);
        Assert.Contains("pkg:npm/sold@1.0.0: SSPL-1.0", error, StringComparison.Ordinal);
        Assert.DoesNotContain("either", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.FullName, "sbom.cdx.json")));
    }

    private (int Code, string Out, string Error) Make(string root) => Repository.Run("node", Repository.Path("deploy", "package", "sbom.mjs"), "1.2.3", root, folder.FullName);

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"[^>]*>")]
    private static partial Regex Package();
}
