using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Templates;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.ServiceTemplates;

namespace Fleet.StateManager.Tests.ServiceTemplates;

public sealed class ServiceTemplateStatusFromTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SourceFiles Files = new()
    {
        Kind = "GitRepository", Key = new("team", "web"), Files = new MemoryTree(new Dictionary<string, byte[]>()), Revision = "main@sha1:1", Digest = new string('a', 64),
    };

    [Fact]
    public void What_was_fetched_is_shown_and_is_what_services_get()
    {
        var status = ServiceTemplateStatusFrom.Check(Template(null), new(null, null, false) { Source = Files }, Now);
        Assert.Equal((true, null), (status.Valid, status.ValidationError));
        Assert.Equal(("GitRepository", "web", "team"), (status.SourceStatus!.Kind, status.SourceStatus.Name, status.SourceStatus.Namespace));
        Assert.Equal("2026-01-01T00:00:00Z", (string?)status.SourceStatus.Artifact!["lastUpdateTime"]);
        Assert.Equal(new SourcePin("main@sha1:1", new string('a', 64)), ServiceTemplateStatusFrom.Pin(status));
        Assert.Equal(ConditionStatus.True, Assert.Single(status.SourceStatus.Conditions!).Status);
    }

    [Fact]
    public void Equal_content_keeps_its_time_and_other_content_gets_a_new_one()
    {
        var first = ServiceTemplateStatusFrom.Check(Template(null), new(null, null, false) { Source = Files }, Now);
        var later = Now.AddHours(1);
        var same = ServiceTemplateStatusFrom.Check(Template(first), new(null, null, false) { Source = Files with { Revision = "main@sha1:2" } }, later);
        Assert.Equal(("main@sha1:2", "2026-01-01T00:00:00Z"), ((string?)same.SourceStatus!.Artifact!["revision"], (string?)same.SourceStatus.Artifact["lastUpdateTime"]));
        Assert.Equal(Now, same.SourceStatus.Conditions![0].LastTransitionTime);
        var other = ServiceTemplateStatusFrom.Check(Template(first), new(null, null, false) { Source = Files with { Digest = new string('b', 64) } }, later);
        Assert.Equal("2026-01-01T01:00:00Z", (string?)other.SourceStatus!.Artifact!["lastUpdateTime"]);
    }

    [Fact]
    public void A_source_that_is_away_takes_nothing_but_says_so()
    {
        var good = ServiceTemplateStatusFrom.Check(Template(null), new(null, null, false) { Source = Files }, Now);
        var away = ServiceTemplateStatusFrom.Away(Template(good).Metadata, good, new(null, "no answer", true), Now.AddHours(1));
        Assert.True(away.Valid);
        Assert.Equal(ServiceTemplateStatusFrom.Pin(good), ServiceTemplateStatusFrom.Pin(away));
        var ready = Assert.Single(away.SourceStatus!.Conditions!);
        Assert.Equal((ConditionStatus.False, "no answer", Now.AddHours(1)), (ready.Status, ready.Message, ready.LastTransitionTime));
    }

    [Fact]
    public void What_is_wrong_in_a_source_is_not_the_fault_of_who_serves_it()
    {
        var status = ServiceTemplateStatusFrom.Check(Template(null), new(null, "spec.kustomize: no", false) { Source = Files }, Now);
        Assert.Equal((false, "spec.kustomize: no"), (status.Valid, status.ValidationError));
        Assert.Equal(ConditionStatus.True, Assert.Single(status.SourceStatus!.Conditions!).Status);
        Assert.Null(ServiceTemplateStatusFrom.Pin(null));
        Assert.Null(ServiceTemplateStatusFrom.Pin(new() { SourceStatus = new() { Artifact = new JsonObject { ["digest"] = "md5:x" } } }));
    }

    private static CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> Template(ServiceTemplateStatus? status) => new()
    {
        Metadata = new() { Name = "web", Namespace = "team", Generation = 1 },
        Spec = new() { Kustomize = new() },
        Status = status,
    };
}
