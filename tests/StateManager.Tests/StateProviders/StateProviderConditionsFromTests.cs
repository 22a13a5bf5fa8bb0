using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.StateProviders;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.StateProviders;

namespace Fleet.StateManager.Tests.StateProviders;

public sealed class StateProviderConditionsFromTests
{
    private const string Rule = "self.status.readyReplicas == self.spec.replicas";

    [Fact]
    public void All_is_ready()
    {
        var facts = Facts();
        var conditions = StateProviderConditionsFrom.All(facts);
        Assert.Equal(["RBACReady", "AdapterReady", "ProvisionerReady", "ProvisionerCRDsReady"], conditions.Select(c => c.Type.Value));
        Assert.Equal(["RBACEnsuredSuccessfully", "AdapterEnsuredSuccessfully", "ProvisionerEnsuredSuccessfully", "ProvisionerCRDsEnsuredSuccessfully"], conditions.Select(c => c.Reason.Value));
        Assert.All(conditions, c => Assert.Equal((ConditionStatus.True, 7), (c.Status, c.ObservedGeneration)));
        Assert.True(StateProviderConditionsFrom.IsReady(facts, conditions));
    }

    [Fact]
    public void A_provider_that_is_suspended_is_not_ready_whatever_its_conditions_say()
    {
        var facts = Facts();
        facts.Object.Spec.Suspend = true;
        Assert.False(StateProviderConditionsFrom.IsReady(facts, StateProviderConditionsFrom.All(facts)));
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":2},"status":{"readyReplicas":1}}""", Rule, "AdapterNotReady", "Deployment kcm/web is not ready: its readinessRule does not hold")]
    [InlineData("""{"spec":{"replicas":2}}""", Rule, "FailedToEvaluateReadiness", "Deployment kcm/web: readinessRule: no such key: status")]
    [InlineData("{}", "self.", "FailedToEvaluateReadiness", "readinessRule: ERROR: <input>:1:6: Syntax error")]
    [InlineData("{}", "1", "FailedToEvaluateReadiness", "must evaluate to bool")]
    [InlineData(null, Rule, "FailedToGetAdapter", "Deployment kcm/web: it does not exist")]
    public void An_adapter_that_is_not_ready_says_why(string? found, string rule, string reason, string message)
    {
        var facts = Facts() with { Adapter = Seen(found, rule) };
        var conditions = StateProviderConditionsFrom.All(facts);
        var adapter = conditions.Single(c => c.Type == StateManagementProviderConditions.AdapterReady);
        Assert.Equal((ConditionStatus.False, reason), (adapter.Status, adapter.Reason.Value));
        Assert.Contains(message, adapter.Message, StringComparison.Ordinal);
        Assert.All(conditions.Where(c => c != adapter), c => Assert.Equal(ConditionStatus.True, c.Status));
        Assert.False(StateProviderConditionsFrom.IsReady(facts, conditions));
    }

    [Fact]
    public void Each_provisioner_missing_kind_and_right_is_named()
    {
        var facts = Facts() with
        {
            Provisioners = [Seen("""{"spec":{"replicas":1},"status":{"readyReplicas":0}}""", Rule), Seen(null, Rule) with { Problem = "forbidden", IsForbidden = true }],
            MissingKinds = ["profiles.config.example/v1 does not exist"],
        };
        var conditions = StateProviderConditionsFrom.All(facts).ToDictionary(c => c.Type.Value);
        Assert.Contains("Deployment kcm/web is not ready", conditions["ProvisionerReady"].Message, StringComparison.Ordinal);
        Assert.Contains("; Deployment kcm/web: forbidden", conditions["ProvisionerReady"].Message, StringComparison.Ordinal);
        Assert.Equal(("ProvisionerCRDsNotReady", "profiles.config.example/v1 does not exist"), (conditions["ProvisionerCRDsReady"].Reason.Value, conditions["ProvisionerCRDsReady"].Message));
        Assert.Equal(("RBACNotReady", "Deployment kcm/web: forbidden"), (conditions["RBACReady"].Reason.Value, conditions["RBACReady"].Message));
    }

    private static StateProviderFacts Facts() => new()
    {
        Object = new() { Metadata = new() { Name = "mine", Generation = 7 }, Spec = new() },
        Adapter = Seen("""{"spec":{"replicas":1},"status":{"readyReplicas":1}}""", Rule),
        Provisioners = [Seen("""{"spec":{"replicas":2},"status":{"readyReplicas":2}}""", Rule)],
        MissingKinds = [],
    };

    private static SeenResource Seen(string? found, string rule) => new(new ReadableResource { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web", Namespace = "kcm", ReadinessRule = rule })
    {
        Object = found is null ? null : new DynamicObject((JsonObject)JsonNode.Parse(found)!),
        Problem = found is null ? "it does not exist" : "",
    };
}
