using System.Text.Json;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Agent;
using Fleet.Observability.Collection;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.History;
using Fleet.Observability.Hours;
using Fleet.Observability.Ingest.RemoteWrite;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Tests.Agent;

/// <summary>What an agent sees, on its way to Fleet.</summary>
public sealed class LookDocumentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_look_arrives_as_it_was_seen()
    {
        var look = Look();
        var read = Sent(look).ToLook("uid", TimeSpan.Zero);
        Assert.Equal(look.Seen.Nodes, read.Seen.Nodes);
        Assert.Equal(look.Seen.Pods, read.Seen.Pods);
        Assert.Equal(look.Seen.Volumes, read.Seen.Volumes);
        Assert.Equal(look.Seen.Claims, read.Seen.Claims);
        Assert.Equal(look.Seen.Services, read.Seen.Services);
        Assert.Equal(look.Seen.Namespaces, read.Seen.Namespaces);
        Assert.Equal(look.Departed, read.Departed);
        Assert.Equal(look.Usage, read.Usage);
        Assert.Equal(look.Told.WorkingSets, read.Told.WorkingSets);
        Assert.Equal(look.Told.VolumesUsed, read.Told.VolumesUsed);
        Assert.Equal((look.Time, look.Ahead, look.Problems.Count), (read.Time, read.Ahead, read.Problems.Count));
        // Counters are those of the cluster that the token is of, whatever the agent calls it.
        var (key, reading) = Assert.Single(read.Told.Counters);
        Assert.Equal((new SeriesKey("uid", "pod-1", "app", CountedAmount.CpuSeconds), look.Told.Counters[0].Reading), (key, reading));
    }

    [Fact]
    public void A_clock_that_is_wrong_is_reckoned_with_and_named()
    {
        var read = Sent(Look()).ToLook("uid", TimeSpan.FromHours(2));
        Assert.Equal(Noon.AddHours(-2), read.Time);
        Assert.Equal(TimeSpan.FromHours(2), read.Ahead);
        Assert.Equal(Noon.AddHours(-2).AddMinutes(-1), Assert.Single(read.Departed).At);
        Assert.Contains("ahead", read.Problems[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version": 2, "time": "2026-11-22T12:00:00Z"}""", "version")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "nodes": [null]}""", "null")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "nodes": [{"uid": "a", "name": "a", "cores": -1, "providerId": "", "address": "", "labels": {}}]}""", "amount")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "nodes": [{"uid": "a", "name": "a", "providerId": "", "address": "", "labels": {}}, {"uid": "a", "name": "b", "providerId": "", "address": "", "labels": {}}]}""", "twice")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "nodes": [{"uid": "a", "name": "a"}]}""", "lacks")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "usage": [{"pod": "a", "container": "b", "cores": 1e300, "ramBytes": 0}]}""", "amount")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "aheadSeconds": 1e12}""", "clock")]
    public void What_would_make_costs_wrong_is_refused(string json, string said) =>
        Assert.Contains(said, LookRules.Objection(JsonSerializer.Deserialize(json, LookJson.Default.LookDocument)!), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"version": 1}""")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "pods": [{"uid": null, "key": {"namespace": "a", "name": "b"}}]}""")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "pods": [{"uid": "a", "key": {"namespace": "a", "name": "b"}, "labels": {"a": 1}}]}""")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "pods": [{"uid": "a", "key": {"namespace": "a", "name": "b"}, "containers": [null]}]}""")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "nodes": null}""")]
    [InlineData("""{"version": 1, "time": "2026-11-22T12:00:00Z", "volumes": [{"uid": "a", "name": "a"}]}""")]
    public void What_is_no_look_is_not_read(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, LookJson.Default.LookDocument));

    [Fact]
    public void Samples_of_a_look_are_taken_without_a_refusal()
    {
        var look = Look();
        using var accepted = new AcceptedSamples(new("team-a", "web", "uid"), new(), new ActiveSeries(100, TimeSpan.FromHours(1)), Noon);
        foreach (var (message, _) in LookSamples.Of(look, look.Time))
            WriteRequestV1.Read(message.Span, accepted);
        Assert.Equal((LookSamples.All(look).Count(), ""), (accepted.Samples, accepted.Refusals.ToString()));
        Assert.Contains(LookSamples.All(look), sample => sample is { Name: "container_cpu_usage_seconds_total", Value: 77 } && sample.Labels.Contains(("pod", "web-1")));
        Assert.Contains(LookSamples.All(look), sample => sample is { Name: "kube_pod_container_resource_requests", Value: 0.5 } && sample.Labels.Contains(("resource", "cpu")));
    }

    [Fact]
    public void An_event_is_a_log_of_its_object()
    {
        var row = new EventRow { Uid = Guid.NewGuid(), Namespace = "shop", Kind = "Pod", Name = "web-1", ObjectUid = "pod-1", Type = "Warning", Reason = "BackOff", Message = "it waits", Count = 3, FirstSeen = Noon, LastSeen = Noon };
        var of = Assert.Single(EventLogs.Of([row], Noon, TimeSpan.FromHours(1)).ResourceLogs);
        Assert.Equal("kubernetes-events,Pod,web-1,pod-1,shop,web-1", string.Join(',', of.Resource.Attributes.Select(attribute => attribute.Value.StringValue)));
        var record = Assert.Single(Assert.Single(of.ScopeLogs).LogRecords);
        Assert.Equal(("it waits", 13, (ulong)Noon.AddHours(-1).ToUnixTimeSeconds() * 1_000_000_000), (record.Body.StringValue, record.SeverityNumber, record.TimeUnixNano));
    }

    [Theory]
    [InlineData("fleet", "http://fleet.example", "https")]
    [InlineData("kubelets", "proxy", "summary")]
    [InlineData("kubelets", "summary", "kubelet-ca")]
    [InlineData("every", "1ms", "1s")]
    [InlineData("queue-size", "lots", "256Mi")]
    [InlineData("token-file", null, "token")]
    public void Options_that_cannot_be_say_what_they_should_be(string option, string? value, string said)
    {
        var all = new Dictionary<string, string?> { ["fleet"] = "https://fleet.example", ["token-file"] = "/t", ["queue"] = "/q", [option] = value };
        Assert.Contains(said, Assert.Throws<FormatException>(() => AgentOptions.For(all.GetValueOrDefault)).Message, StringComparison.Ordinal);
    }

    private static LookDocument Sent(SeenLook look)
    {
        var document = JsonSerializer.Deserialize(JsonSerializer.Serialize(LookDocument.Of(look), LookJson.Default.LookDocument), LookJson.Default.LookDocument)!;
        Assert.Null(LookRules.Objection(document));
        return document;
    }

    private static SeenLook Look()
    {
        var pod = new PodRow
        {
            Uid = "pod-1", Key = new("shop", "web-1"), Node = "n1", ControllerKind = "deployment", Controller = "web", Labels = Texts.Of(new Dictionary<string, string> { ["app"] = "web" }),
            Containers = Sequence<ContainerRow>.Of([new("app", 0.5, 1024, 1, Noon.AddHours(-1), null, 2) { KilledForMemory = Noon.AddHours(-2) }]), Claims = Sequence<string>.Of(["data"]),
        };
        return new()
        {
            Seen = new()
            {
                Nodes = [new() { Uid = "node-1", Name = "n1", Created = Noon.AddDays(-1), Cores = 4, RamBytes = 8e9, IsReady = true, Address = "10.0.0.1", Labels = Texts.Of(new Dictionary<string, string> { ["zone"] = "a" }) }],
                Pods = [pod],
                Volumes = [new("pv-1", "pv", "fast", 1e9, new ObjectKey("shop", "data"), "disk", "Bound", Noon)],
                Claims = [new("pvc-1", new("shop", "data"), "pv", "fast", 1e9, Noon)],
                Services = [new("svc-1", new("shop", "web"), Texts.Of(new Dictionary<string, string> { ["app"] = "web" }), true, "1.2.3.4", 2, Noon)],
                Namespaces = [new("ns-1", "shop", Texts.Of(new Dictionary<string, string> { ["team"] = "a" }), Texts.None)],
            },
            Departed = [new(pod with { Uid = "pod-0" }, Noon.AddMinutes(-1))],
            Usage = new Dictionary<ContainerKey, Usage> { [new("pod-1", "app")] = new(0.25, 512) },
            Told = new()
            {
                Counters = [(new("other", "pod-1", "app", CountedAmount.CpuSeconds), new(77, Noon, Noon.AddHours(-1)))],
                WorkingSets = new Dictionary<(string, string), double> { [("pod-1", "app")] = 600, [("node-1", "")] = 9e8 },
                VolumesUsed = new Dictionary<ObjectKey, double> { [new("shop", "data")] = 5 },
            },
            Time = Noon,
            Problems = ["something"],
        };
    }
}
