using System.Text.Json.Nodes;
using Fleet.ControlPlane.Patching;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Patching;

public sealed class ServerSideApplyTests
{
    private readonly Applying _api = new();

    [Fact]
    public void The_applier_owns_what_it_applied_and_nothing_that_was_defaulted()
    {
        _api.Apply("a", """{"color":"red","nested":{"a":"1"},"items":[{"name":"x","image":"i"}],"tags":["t"],"args":["1","2"],"free":{"k":"v"}}""");
        Assert.Equal("""{"f:spec":{"f:args":{},"f:color":{},"f:free":{"f:k":{}},"f:items":{"k:{\u0022name\u0022:\u0022x\u0022}":{".":{},"f:image":{},"f:name":{}}},"f:nested":{"f:a":{}},"f:tags":{"v:\u0022t\u0022":{}}}}""", _api.Owned("a"));
        Assert.Equal(1, (int)_api.Live!["spec"]!["replicas"]!);
        Assert.Equal("2026-01-01T00:00:01Z", (string?)_api.Entry("a")!["time"]);
        Assert.Equal("FieldsV1", (string?)_api.Entry("a")!["fieldsType"]);
    }

    [Fact]
    public void A_field_that_is_no_longer_applied_is_removed()
    {
        _api.Apply("a", """{"color":"red","replicas":3,"nested":{"a":"1"},"args":["1"]}""");
        _api.Apply("a", """{"replicas":3}""");
        _api.SpecIs("""{"replicas":3}""");
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", _api.Owned("a"));
    }

    [Fact]
    public void A_removed_field_with_a_default_gets_it_back_unowned()
    {
        _api.Apply("a", """{"replicas":3}""");
        _api.Apply("a", """{"color":"red"}""");
        _api.SpecIs("""{"color":"red","replicas":1}""");
        _api.Apply("b", """{"replicas":9}""");
        _api.SpecIs("""{"color":"red","replicas":9}""");
    }

    [Fact]
    public void A_field_that_another_applier_owns_as_well_stays()
    {
        _api.Apply("a", """{"color":"red","replicas":3}""");
        _api.Apply("b", """{"color":"red"}""");
        _api.Apply("a", """{"replicas":3}""");
        _api.SpecIs("""{"replicas":3,"color":"red"}""");
        Assert.Equal("""{"f:spec":{"f:color":{}}}""", _api.Owned("b"));
        _api.Apply("b", """{}""");
        _api.SpecIs("""{"replicas":3}""");
    }

    [Fact]
    public void A_different_value_is_a_conflict_that_names_owner_and_field()
    {
        _api.Apply("a", """{"color":"red"}""");
        var refused = _api.Conflict("b", """{"color":"blue"}""");
        Assert.Equal(409, refused.Code);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"a\": .spec.color", refused.Message);
        Assert.Equal(new ApiStatusCause("FieldManagerConflict", "conflict with \"a\"", ".spec.color"), Assert.Single(refused.Details!.Causes));
        _api.SpecIs("""{"color":"red","replicas":1}""");
    }

    [Fact]
    public void Conflicts_are_grouped_by_manager_with_the_version_of_updaters()
    {
        _api.Update("ed", o => o["spec"] = JsonNode.Parse("""{"color":"red","args":["1"],"items":[{"name":"x","image":"i"}]}"""));
        var refused = _api.Conflict("b", """{"color":"blue","args":["2"],"items":[{"name":"x","image":"j"}]}""");
        Assert.Equal("Apply failed with 3 conflicts: conflicts with \"ed\" using x.io/v1:\n- .spec.args\n- .spec.color\n- .spec.items[name=\"x\"].image", refused.Message);
        Assert.Equal("conflict with \"ed\" using x.io/v1", refused.Details!.Causes[0].Message);
    }

    [Fact]
    public void Force_takes_the_field_away_from_its_owner()
    {
        _api.Apply("a", """{"color":"red","replicas":3}""");
        _api.Apply("b", """{"color":"blue"}""", force: true);
        _api.SpecIs("""{"color":"blue","replicas":3}""");
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", _api.Owned("a"));
        _api.Apply("a", """{"replicas":3}""");
        _api.SpecIs("""{"color":"blue","replicas":3}""");
    }

    [Fact]
    public void Items_of_a_keyed_list_belong_to_their_appliers()
    {
        _api.Apply("a", """{"items":[{"name":"x","image":"1"},{"name":"y","image":"2"}]}""");
        _api.Apply("b", """{"items":[{"name":"z","image":"3"},{"name":"x","tag":"t"}]}""");
        _api.SpecIs("""{"items":[{"name":"z","image":"3"},{"name":"x","image":"1","tag":"t"},{"name":"y","image":"2"}],"replicas":1}""");
        _api.Apply("a", """{"items":[{"name":"y","image":"2"}]}""");
        _api.SpecIs("""{"items":[{"name":"z","image":"3"},{"name":"x","tag":"t"},{"name":"y","image":"2"}],"replicas":1}""");
        _api.Apply("a", "{}");
        _api.SpecIs("""{"items":[{"name":"z","image":"3"},{"name":"x","tag":"t"}],"replicas":1}""");
        _api.Apply("b", "{}");
        _api.SpecIs("""{"replicas":1}""");
    }

    [Fact]
    public void A_key_with_a_default_may_be_left_out()
    {
        _api.Apply("a", """{"ports":[{"port":80,"name":"http"}]}""");
        _api.Apply("b", """{"ports":[{"port":80,"protocol":"UDP","name":"u"},{"port":80,"protocol":"TCP"}]}""");
        Assert.Contains("""k:{\u0022port\u0022:80,\u0022protocol\u0022:\u0022TCP\u0022}""", _api.Owned("a"), StringComparison.Ordinal);
        Assert.Equal(2, ((JsonArray)_api.Live!["spec"]!["ports"]!).Count);
    }

    [Fact]
    public void A_set_is_shared_by_value()
    {
        _api.Apply("a", """{"tags":["1","2"]}""");
        _api.Apply("b", """{"tags":["2","3"]}""");
        _api.SpecIs("""{"tags":["1","2","3"],"replicas":1}""");
        _api.Apply("a", """{"tags":["1"]}""");
        _api.SpecIs("""{"tags":["1","2","3"],"replicas":1}""");
        _api.Apply("b", """{"tags":["3"]}""");
        _api.SpecIs("""{"tags":["1","3"],"replicas":1}""");
    }

    [Fact]
    public void Atomic_lists_and_maps_are_one_field()
    {
        _api.Apply("a", """{"args":["1","2"],"whole":{"x":"1"}}""");
        var refused = _api.Conflict("b", """{"args":["1","2","3"],"whole":{"y":"1"}}""");
        Assert.Equal([".spec.args", ".spec.whole"], refused.Details!.Causes.Select(c => c.Field));
        _api.Apply("b", """{"args":["3"],"whole":{"y":"1"}}""", force: true);
        _api.SpecIs("""{"args":["3"],"whole":{"y":"1"},"replicas":1}""");
        Assert.Null(_api.Entry("a"));
    }

    [Fact]
    public void An_update_takes_ownership_of_what_it_changes_and_loses_what_it_removes()
    {
        _api.Apply("a", """{"color":"red","replicas":3,"free":{"k":"v"}}""");
        _api.Update("ed", o =>
        {
            o["spec"]!["color"] = "blue";
            ((JsonObject)o["spec"]!["free"]!).Remove("k");
        });
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", _api.Owned("a"));
        Assert.Equal("""{"f:spec":{"f:color":{}}}""", _api.Owned("ed", "Update"));
        Assert.Equal(".spec.color", Assert.Single(_api.Conflict("a", """{"color":"red","replicas":3}""").Details!.Causes).Field);
    }

    [Fact]
    public void An_update_of_an_untouched_object_moves_no_ownership_and_no_time()
    {
        _api.Update("ed", o => o["spec"]!["color"] = "red");
        var before = _api.Live!.ToJsonString();
        _api.Update("ed", _ => { });
        _api.Update("other", _ => { });
        Assert.Equal(before, _api.Live!.ToJsonString());
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing()
    {
        _api.Apply("a", """{"color":"red","nested":{"a":"1"},"items":[{"name":"x"}]}""");
        var before = _api.Live!;
        var after = _api.Apply("a", """{"color":"red","nested":{"a":"1"},"items":[{"name":"x"}]}""");
        Assert.True(JsonNode.DeepEquals(before, after));
        Assert.True(ServerSideApply.IsNoOp(before, after));
    }

    [Fact]
    public void Sharing_a_field_is_a_change_although_no_value_changes()
    {
        _api.Apply("a", """{"color":"red"}""");
        var before = _api.Live!;
        Assert.False(ServerSideApply.IsNoOp(before, _api.Apply("b", """{"color":"red"}""")));
    }

    [Fact]
    public void A_write_that_only_moves_times_is_none()
    {
        _api.Apply("a", """{"color":"red"}""");
        var other = (JsonObject)_api.Live!.DeepClone();
        other["metadata"]!["managedFields"]![0]!["time"] = "2030-01-01T00:00:00Z";
        Assert.True(ServerSideApply.IsNoOp(_api.Live!, other));
    }

    [Fact]
    public void Status_is_owned_apart_and_only_through_its_subresource()
    {
        _api.Apply("a", """{"color":"red"}""");
        _api.Update("ctl", o => o["status"] = JsonNode.Parse("""{"ready":true}"""), "status");
        Assert.Equal("""{"f:status":{".":{},"f:ready":{}}}""", _api.Owned("ctl", "Update", "status"));
        var config = Applying.Widgets("""{"color":"red"}""");
        config["status"] = JsonNode.Parse("""{"ready":false}""");
        _api.ApplyObject("a", config);
        Assert.True((bool)_api.Live!["status"]!["ready"]!);
        Assert.Equal("""{"f:spec":{"f:color":{}}}""", _api.Owned("a"));
        var refused = Assert.Throws<KubeApiException>(() => _api.ApplyObject("a", config, subresource: "status"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"ctl\" with subresource \"status\" using x.io/v1: .status.ready", refused.Message);
    }

    [Fact]
    public void Removing_a_struct_removes_what_was_defaulted_in_it()
    {
        _api.Apply("a", """{"nested":{"a":"1"}}""");
        _api.SpecIs("""{"nested":{"a":"1","b":"dflt"},"replicas":1}""");
        _api.Apply("a", """{"color":"red"}""");
        _api.SpecIs("""{"color":"red","replicas":1}""");
    }

    [Fact]
    public void Fields_of_updaters_survive_when_an_applier_drops_them()
    {
        _api.Apply("a", """{"nested":{"a":"1"}}""");
        _api.Update("ed", o => o["spec"]!["nested"]!["b"] = "mine");
        _api.Apply("a", """{"color":"red"}""");
        _api.SpecIs("""{"nested":{"b":"mine"},"color":"red","replicas":1}""");
    }

    [Fact]
    public void An_applier_keeps_its_entry_when_it_moves_to_another_version()
    {
        _api.Apply("a", """{"color":"red","replicas":2}""");
        _api.Apply("a", """{"replicas":2}""", version: "x.io/v2");
        _api.SpecIs("""{"replicas":2}""");
        Assert.Equal("x.io/v2", (string?)_api.Entry("a")!["apiVersion"]);
    }

    [Fact]
    public void An_object_without_owners_counts_as_written_before_the_first_apply()
    {
        _api.Update("ed", o => o["spec"]!["color"] = "red");
        _api.Update("ed", o => o["metadata"]!["managedFields"] = new JsonArray(new JsonObject()));
        Assert.Null(_api.Live!["metadata"]!["managedFields"]);
        _api.Update("ed", o => o["spec"]!["color"] = "blue");
        Assert.Null(_api.Live!["metadata"]!["managedFields"]);
        Assert.Contains("before-first-apply", _api.Conflict("a", """{"color":"red"}""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubectl_takes_over_what_its_client_side_apply_had_set()
    {
        _api.Update("kubectl-client-side-apply", o =>
        {
            o["spec"]!["color"] = "red";
            o["metadata"]!["annotations"] = new JsonObject
            {
                ["kubectl.kubernetes.io/last-applied-configuration"] = Applying.Widgets("""{"color":"red"}""").ToJsonString(),
            };
        });
        Assert.Equal(409, _api.Conflict("helm", """{"color":"blue"}""").Code);
        _api.Apply("kubectl", """{"color":"blue"}""");
        _api.SpecIs("""{"color":"blue","replicas":1}""");
        Assert.Contains("blue", (string?)_api.Live!["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"], StringComparison.Ordinal);
    }

    [Fact]
    public void Ownership_that_a_client_sends_is_kept()
    {
        _api.Update("kubectl-client-side-apply", o => o["spec"]!["color"] = "red");
        _api.Update("kubectl", o =>
        {
            var entry = o["metadata"]!["managedFields"]![0]!;
            entry["manager"] = "kubectl";
            entry["operation"] = "Apply";
        });
        _api.Apply("kubectl", """{"args":["1"]}""");
        _api.SpecIs("""{"args":["1"],"replicas":1}""");
    }

    [Fact]
    public void Updaters_are_bounded()
    {
        for (var i = 0; i < 15; i++) _api.Update($"u{i:00}", o => o["spec"]!["free"] = Add(o["spec"]!["free"], $"k{i}"));
        Assert.Equal(10, ((JsonArray)_api.Live!["metadata"]!["managedFields"]!).Count);
        Assert.NotNull(_api.Entry("ancient-changes", "Update"));
        Assert.NotNull(_api.Entry("u14", "Update"));
        Assert.Null(_api.Entry("u00", "Update"));

        static JsonObject Add(JsonNode? map, string key)
        {
            var copy = (JsonObject?)map?.DeepClone() ?? [];
            copy[key] = "v";
            return copy;
        }
    }

    [Theory]
    [InlineData("""{"items":[{"image":"x"}]}""", "key field \"name\"")]
    [InlineData("""{"items":[{"name":"x"},{"name":"x"}]}""", "duplicate entries for key [name=\"x\"]")]
    [InlineData("""{"tags":["x","x"]}""", "duplicate entries for key [=\"x\"]")]
    public void A_list_without_identities_is_refused(string spec, string message)
    {
        var refused = _api.Conflict("a", spec);
        Assert.Equal(400, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_with_managedFields_is_refused()
    {
        var config = Applying.Widgets("{}");
        config["metadata"]!["managedFields"] = new JsonArray();
        Assert.Equal(400, Assert.Throws<KubeApiException>(() => _api.ApplyObject("a", config)).Code);
    }
}
