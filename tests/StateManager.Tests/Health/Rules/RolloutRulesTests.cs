using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Tests.Health.Rules;

public sealed class RolloutRulesTests
{
    public sealed record Case(string Name, string Kind, string Spec, string Status, string Verdict, string Why)
    {
        public override string ToString() => Name;
    }

    public static TheoryData<Case> Cases =>
    [
        new Case("no status yet", "Deployment", """{"replicas":1}""", "{}", nameof(WorkloadVerdict.Progressing), "has not seen"),
        new Case("old generation", "Deployment", """{"replicas":1}""", """{"observedGeneration":1,"replicas":1,"updatedReplicas":1,"availableReplicas":1}""", nameof(WorkloadVerdict.Progressing), "has not seen"),
        new Case("rolled out", "Deployment", """{"replicas":2}""", """{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"availableReplicas":2}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("default of one replica", "Deployment", "{}", """{"observedGeneration":2}""", nameof(WorkloadVerdict.Progressing), "0 of 1 replicas are updated"),
        new Case("scaled to zero", "Deployment", """{"replicas":0}""", """{"observedGeneration":2}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("not available", "Deployment", """{"replicas":2}""", """{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"availableReplicas":1}""", nameof(WorkloadVerdict.Progressing), "1 of 2 replicas are available"),
        new Case("old replicas remain", "Deployment", """{"replicas":2}""", """{"observedGeneration":2,"replicas":3,"updatedReplicas":2,"availableReplicas":2}""", nameof(WorkloadVerdict.Progressing), "1 old"),
        new Case("deadline", "Deployment", """{"replicas":1}""", """{"observedGeneration":2,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"too slow"}]}""", nameof(WorkloadVerdict.Failed), "too slow"),
        new Case("quota", "Deployment", """{"replicas":1}""", """{"observedGeneration":2,"conditions":[{"type":"ReplicaFailure","status":"True","message":"exceeded quota"}]}""", nameof(WorkloadVerdict.Failed), "exceeded quota"),
        new Case("stateful ready", "StatefulSet", """{"replicas":3}""", """{"observedGeneration":2,"replicas":3,"readyReplicas":3,"updatedReplicas":3,"currentRevision":"a","updateRevision":"a"}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("stateful rolling", "StatefulSet", """{"replicas":3}""", """{"observedGeneration":2,"replicas":3,"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}""", nameof(WorkloadVerdict.Progressing), "1 of 3 replicas are updated"),
        new Case("stateful partition", "StatefulSet", """{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}}}""", """{"observedGeneration":2,"replicas":3,"readyReplicas":3,"updatedReplicas":1,"currentRevision":"a","updateRevision":"b"}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("daemon everywhere", "DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":3,"updatedNumberScheduled":3,"numberAvailable":3}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("daemon on no node", "DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":0}""", nameof(WorkloadVerdict.Healthy), ""),
        new Case("daemon missing", "DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":3,"updatedNumberScheduled":3,"numberAvailable":2}""", nameof(WorkloadVerdict.Progressing), "2 of 3 replicas are available"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verdict_is_that_of_rollout_status(Case given)
    {
        var verdict = ObjectHealthRules.Of(Object(given.Kind, given.Spec, given.Status));
        Assert.Equal(given.Verdict, verdict.Verdict.ToString());
        Assert.Contains(given.Why, verdict.Why, StringComparison.Ordinal);
    }

    private static DynamicObject Object(string kind, string spec, string status) => new((JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"apps/v1","kind":"{{{kind}}}","metadata":{"name":"web","namespace":"applications-web","generation":2},"spec":{{{spec}}},"status":{{{status}}} }
        """)!);
}
