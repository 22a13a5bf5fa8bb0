using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Tests.Inventory;

public sealed class LiveObjectTests
{
    private static readonly ReleaseName Release = new("apps", "web");

    [Fact]
    public void A_busy_object_looks_unchanged()
    {
        var before = Live();
        var after = Live();
        after["metadata"]!["resourceVersion"] = "99";
        after["metadata"]!["generation"] = 7;
        after["metadata"]!["managedFields"] = new JsonArray();
        after["status"] = new JsonObject { ["replicas"] = 3 };

        Assert.Equal(Of(before), Of(after));
    }

    [Theory]
    [InlineData("spec", "paused")]
    [InlineData("data", "key")]
    public void Any_field_that_a_manifest_can_state_changes_it(string part, string field)
    {
        var after = Live();
        after[part] = new JsonObject { [field] = "other" };
        Assert.NotEqual(Of(Live()), Of(after));
    }

    [Fact]
    public void Labels_annotations_deletion_and_what_was_projected_count()
    {
        var labelled = Live();
        labelled["metadata"]!["labels"]!["tier"] = "back";
        var annotated = Live();
        annotated["metadata"]!["annotations"] = new JsonObject { ["a"] = "b" };
        var going = Live();
        going["metadata"]!["deletionTimestamp"] = "2026-11-01T12:00:00Z";

        Assert.All([labelled, annotated, going], o => Assert.NotEqual(Of(Live()), Of(o)));
        Assert.True(Of(going).IsBeingDeleted);
        Assert.NotEqual(Of(Live(), "sick"), Of(Live(), "well"));
        Assert.Equal(Of(Live(), "well"), Of(Live(), "well"));
    }

    [Fact]
    public void Fields_that_were_set_through_scale_are_known()
    {
        var live = Live();
        live["metadata"]!["managedFields"] = JsonNode.Parse("""
            [{"manager":"helm","operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{},"f:paused":{}}}},
             {"manager":"autoscaler","operation":"Update","subresource":"scale","fieldsV1":{"f:spec":{"f:replicas":{}}}},
             {"manager":"controller","operation":"Update","subresource":"status","fieldsV1":{"f:status":{"f:replicas":{}}}}]
            """);
        Assert.Equal("/spec/replicas", Of(live).ScaledFields);
        Assert.Equal("", Of(Live()).ScaledFields);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Large_content_is_packed_and_comes_back_whole(int length)
    {
        var content = new JsonObject { ["text"] = new string('x', length), ["n"] = 1 };
        var packed = PackedJson.Of(content);

        Assert.Equal(content.ToJsonString(), packed.Read().ToJsonString());
        Assert.True(packed.Size < 2100);
        Assert.Equal(packed, PackedJson.Of(content));
        content["n"] = 2;
        Assert.NotEqual(packed, PackedJson.Of(content));
    }

    [Fact]
    public void Content_that_does_not_shrink_comes_back_as_well()
    {
        var noise = new byte[9000];
        new Random(1).NextBytes(noise);
        var content = new JsonObject { ["data"] = Convert.ToBase64String(noise) };
        Assert.Equal(content.ToJsonString(), PackedJson.Of(content).Read().ToJsonString());
    }

    private static LiveObject Of(JsonObject live, object? projected = null) => LiveObject.Of(Release, new DynamicObject(live), projected);

    private static JsonObject Live() => (JsonObject)JsonNode.Parse("""
        {"apiVersion":"apps/v1","kind":"Deployment",
         "metadata":{"name":"web","namespace":"apps","uid":"u1","resourceVersion":"5","generation":1,"labels":{"app":"web"},
           "managedFields":[{"manager":"helm","operation":"Update","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},
         "spec":{"replicas":2},"status":{"replicas":2}}
        """)!;
}
