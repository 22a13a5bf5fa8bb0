using Fleet.ClusterManager.ReleaseCatalog;
using Fleet.ClusterManager.Tests.Components;
using ProviderTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ProviderTemplateSpec, Fleet.Contracts.Templates.ProviderTemplateStatus>;

namespace Fleet.ClusterManager.Tests.ReleaseCatalog;

public class ReleaseConditionsTests
{
    private static string Told(Dictionary<string, ProviderTemplate?> templates) =>
        string.Join(" | ", ReleaseConditionsFrom.All(ComponentExamples.Release, templates).Select(condition => $"{condition.Type} {condition.Status}: {condition.Message}"));

    [Fact]
    public void A_release_needs_all_its_templates() => Assert.Equal(["fleet-1", "capi-1", "aws-1", "sveltos-1"], ReleaseConditionsFrom.Templates(ComponentExamples.Release));

    [Fact]
    public void Missing_and_invalid_templates_are_named()
    {
        var invalid = ComponentExamples.Template("b");
        invalid.Status!.Valid = false;
        invalid.Status.ValidationError = "no such chart";
        var unchecked_ = ComponentExamples.Template("c");
        unchecked_.Status = null;
        Assert.Equal("TemplatesCreated True: All templates have been created | TemplatesValid True: All templates are valid", Told(new() { ["a"] = ComponentExamples.Template("a") }));
        Assert.Equal(
            "TemplatesCreated False: missing ProviderTemplates: x, y | TemplatesValid False: ProviderTemplates that are not valid: b: no such chart; c is being checked",
            Told(new() { ["y"] = null, ["x"] = null, ["b"] = invalid, ["c"] = unchecked_ }));
        Assert.Equal("TemplatesCreated False: missing ProviderTemplates: x | TemplatesValid False: not all ProviderTemplates are there", Told(new() { ["x"] = null }));
    }
}
