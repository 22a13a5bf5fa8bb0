using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Control.Grains;
using Fleet.Control.Status;
using Fleet.Control.Tests.Scripted;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Status;

public sealed class StatusWriterTests
{
    private static readonly ResourceKind Kind = new("example.com", "v1", "Thing", "things", true);
    private static readonly ConditionType Ready = new("Ready");

    private readonly List<JsonNode> sent = [];
    private readonly StatusChange change = new()
    {
        Kind = Kind,
        Metadata = new ObjectMeta { Name = "a", Namespace = "b", Uid = "u1", ResourceVersion = "5" },
        Seen = null,
        Fields = new JsonObject { ["phase"] = "Up" },
        Conditions = [Condition.True(Ready, new Reason("Succeeded"))],
        OwnedConditions = new HashSet<ConditionType> { Ready },
        Ownership = new GrainOwnership(new("thing", new("b", "a")), 1, new Directory { Current = true }),
    };

    [Fact]
    public async Task A_conflict_is_read_again_and_the_condition_that_somebody_added_meanwhile_stays()
    {
        var result = await WriteAsync(conflicts: 1, () => Stored("u1", "6", """{"phase":"Up","conditions":[{"type":"Theirs","status":"True"}]}"""));

        Assert.Equal(StatusWriteResult.Written, result);
        Assert.Equal(["5", "6"], sent.Select(p => (string?)p["metadata"]!["resourceVersion"]));
        Assert.Equal(["Theirs", "Ready"], sent[1]["status"]!["conditions"]!.AsArray().Select(c => (string?)c!["type"]));
        // What has come true meanwhile is not sent again.
        Assert.False(sent[1]["status"]!.AsObject().ContainsKey("phase"));
        Assert.Equal("99", change.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Nothing_is_sent_again_when_the_other_write_has_made_it_so()
    {
        var done = """{"phase":"Up","conditions":[{"type":"Ready","status":"True","reason":"Succeeded","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""";
        Assert.Equal(StatusWriteResult.Unchanged, await WriteAsync(conflicts: 1, () => Stored("u1", "6", done)));
        Assert.Single(sent);
    }

    [Fact]
    public async Task An_object_that_was_made_anew_does_not_get_the_status_of_the_old_one() =>
        Assert.Equal(StatusWriteResult.Gone, await WriteAsync(conflicts: 1, () => Stored("u2", "6", "{}")));

    [Fact]
    public async Task An_object_that_is_deleted_meanwhile_is_gone() => Assert.Equal(StatusWriteResult.Gone, await WriteAsync(conflicts: 1, () => null));

    [Fact]
    public async Task Endless_conflicts_end_with_the_fifth()
    {
        var e = await Assert.ThrowsAsync<KubeApiException>(() => WriteAsync(conflicts: 99, () => Stored("u1", "6", "{}")));
        Assert.True(e.IsConflict);
        Assert.Equal(5, sent.Count);
    }

    [Fact]
    public async Task Nobody_writes_whose_grain_has_gone_elsewhere()
    {
        var lost = change with { Ownership = new GrainOwnership(new("thing", new("b", "a")), 1, new Directory()) };
        var writer = new StatusWriter(new ScriptedClient(new ScriptedResource<DynamicObject>()), new ManualTimeProvider());
        await Assert.ThrowsAsync<GrainElsewhereException>(() => writer.WriteAsync(lost));
    }

    [Fact]
    public async Task A_change_of_fields_alone_is_of_the_version_that_was_read_as_well()
    {
        change.Metadata.ResourceVersion = "7";
        var fields = change with { Conditions = [], OwnedConditions = new HashSet<ConditionType>() };
        Assert.Equal(StatusWriteResult.Written, await WriteAsync(conflicts: 0, () => null, fields));
        Assert.Equal("7", (string?)Assert.Single(sent)["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task After_a_conflict_the_object_is_read_before_ownership_is_proven_and_who_has_lost_it_writes_no_more()
    {
        List<string> steps = [];
        var superseded = new Directory { Current = true, OnProof = () => { steps.Add("prove"); return false; } };
        var old = change with { Ownership = new GrainOwnership(new("thing", new("b", "a")), 1, superseded) };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => WriteAsync(
            conflicts: 1,
            () =>
            {
                steps.Add("read");
                return Stored("u1", "6", "{}");
            },
            old));
        Assert.Equal(["read", "prove"], steps);
        Assert.Single(sent);
    }

    [Fact]
    public async Task Nothing_is_written_while_the_store_cannot_be_asked_who_owns_the_grain()
    {
        var unknown = new Directory { Current = true, OnProof = () => throw new KubeApiException(503, "ServiceUnavailable", "down") };
        var old = change with { Ownership = new GrainOwnership(new("thing", new("b", "a")), 1, unknown) };
        await Assert.ThrowsAsync<KubeApiException>(() => WriteAsync(conflicts: 1, () => Stored("u1", "6", "{}"), old));
        Assert.Single(sent);
    }

    private Task<StatusWriteResult> WriteAsync(int conflicts, Func<DynamicObject?> stored, StatusChange? other = null)
    {
        var resource = new ScriptedResource<DynamicObject>
        {
            OnGet = _ => stored(),
            OnPatch = (patch, options) =>
            {
                Assert.Equal("status", options.Subresource);
                Assert.Equal("u1", (string?)patch.Body["metadata"]!["uid"]);
                sent.Add(patch.Body);
                return sent.Count <= conflicts ? throw new KubeApiException(409, "Conflict", "it has changed") : Stored("u1", "99", "{}");
            },
        };
        return new StatusWriter(new ScriptedClient(resource), new ManualTimeProvider()).WriteAsync(other ?? change);
    }

    private static DynamicObject Stored(string uid, string version, string status) => new((JsonObject)JsonNode.Parse($$$"""
        {"metadata":{"name":"a","namespace":"b","uid":"{{{uid}}}","resourceVersion":"{{{version}}}"},"status":{{{status}}} }
        """)!);

    private sealed class Directory : IGrainDirectory
    {
        public bool Current { get; init; }

        public Func<bool>? OnProof { get; init; }

        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => new(1);

        public bool IsCurrent(GrainId grain, long epoch) => Current;

        public ValueTask<bool> ProveAsync(GrainId grain, long epoch, CancellationToken ct) => new(OnProof?.Invoke() ?? Current);

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => default;
    }
}
