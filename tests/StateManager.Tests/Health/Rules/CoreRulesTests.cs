using Fleet.Control.Health;
using static Fleet.Control.Health.WorkloadVerdict;

namespace Fleet.StateManager.Tests.Health.Rules;

public sealed class CoreRulesTests
{
    [Theory]
    [InlineData("v1/Pod", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", Healthy, "")]
    [InlineData("v1/Pod", """{"status":{"phase":"Succeeded","conditions":[{"type":"Ready","status":"False","reason":"PodCompleted"}]}}""", Healthy, "")]
    [InlineData("v1/Pod", """{"status":{"phase":"Failed","reason":"Evicted","message":"The node was low on memory."}}""", Failed, "low on memory")]
    [InlineData("v1/Pod", """{"status":{"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}}""", Failed, "container app: ImagePullBackOff: Back-off")]
    [InlineData("v1/Pod", """{"status":{"phase":"Running","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", Failed, "container app: CrashLoopBackOff")]
    [InlineData("v1/Pod", """{"status":{"phase":"Pending","initContainerStatuses":[{"name":"init","state":{"waiting":{"reason":"CreateContainerConfigError"}}}]}}""", Failed, "container init: CreateContainerConfigError")]
    [InlineData("v1/Pod", """{"status":{"phase":"Pending","containerStatuses":[{"name":"app","state":{"waiting":{"reason":"ContainerCreating"}}}]}}""", Progressing, "not ready")]
    [InlineData("v1/Pod", """{"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes are available"}]}}""", Progressing, "0/3 nodes are available")]
    [InlineData("v1/Pod", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False","message":"containers with unready status: [app]"}]}}""", Progressing, "unready status: [app]")]
    [InlineData("v1/Pod", "{}", Progressing, "not ready")]
    [InlineData("v1/PersistentVolumeClaim", """{"status":{"phase":"Bound"}}""", Healthy, "")]
    [InlineData("v1/PersistentVolumeClaim", """{"status":{"phase":"Pending"}}""", Progressing, "it is Pending, not bound")]
    [InlineData("v1/PersistentVolumeClaim", """{"status":{"phase":"Lost"}}""", Failed, "lost")]
    [InlineData("v1/PersistentVolumeClaim", "{}", Progressing, "no phase")]
    [InlineData("v1/PersistentVolume", """{"status":{"phase":"Available"}}""", Healthy, "")]
    [InlineData("v1/PersistentVolume", """{"status":{"phase":"Failed","message":"cannot delete"}}""", Failed, "cannot delete")]
    [InlineData("v1/PersistentVolume", """{"status":{"phase":"Pending"}}""", Progressing, "it is Pending")]
    [InlineData("v1/Service", """{"spec":{"type":"ClusterIP"},"status":{"loadBalancer":{}}}""", Healthy, "")]
    [InlineData("v1/Service", """{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}}}""", Progressing, "no address")]
    [InlineData("v1/Service", """{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"hostname":"a.example"}]}}}""", Healthy, "")]
    [InlineData("v1/Service", """{"spec":{"type":"NodePort"}}""", Healthy, "")]
    [InlineData("networking.k8s.io/v1/Ingress", """{"status":{"loadBalancer":{}}}""", Progressing, "no ingress controller")]
    [InlineData("networking.k8s.io/v1/Ingress", """{"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}}""", Healthy, "")]
    [InlineData("networking.k8s.io/v1beta1/Ingress", """{"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}}""", Healthy, "")]
    [InlineData("v1/ConfigMap", """{"data":{"a":"b"}}""", Healthy, "")]
    [InlineData("v1/Namespace", """{"status":{"phase":"Active"}}""", Healthy, "")]
    public void Pods_storage_and_ways_in(string kind, string body, WorkloadVerdict verdict, string why) => Judged.Is(kind, body, verdict, why);

    [Theory]
    [InlineData("apps/v1/Deployment", """{"spec":{"replicas":2},"status":{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"availableReplicas":2}}""", Healthy, "")]
    [InlineData("apps/v1/Deployment", """{"spec":{"replicas":2},"status":{"observedGeneration":1,"replicas":2,"updatedReplicas":2,"availableReplicas":2}}""", Progressing, "not seen the latest spec")]
    [InlineData("apps/v1/Deployment", """{"spec":{"replicas":2,"paused":true},"status":{"observedGeneration":2,"replicas":2,"updatedReplicas":1,"availableReplicas":2}}""", Suspended, "paused: 1 of 2")]
    [InlineData("apps/v1/Deployment", """{"spec":{"replicas":1,"paused":true},"status":{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"availableReplicas":1}}""", Healthy, "")]
    [InlineData("apps/v1/ReplicaSet", """{"spec":{"replicas":2},"status":{"observedGeneration":2,"replicas":2,"availableReplicas":2}}""", Healthy, "")]
    [InlineData("apps/v1/ReplicaSet", """{"spec":{"replicas":2},"status":{"observedGeneration":2,"replicas":2,"availableReplicas":1}}""", Progressing, "1 of 2")]
    [InlineData("apps/v1/ReplicaSet", """{"spec":{"replicas":1},"status":{"observedGeneration":2,"replicas":2,"availableReplicas":2}}""", Progressing, "1 pods too many")]
    [InlineData("apps/v1/ReplicaSet", """{"spec":{"replicas":1},"status":{"observedGeneration":2,"conditions":[{"type":"ReplicaFailure","status":"True","message":"exceeded quota"}]}}""", Failed, "exceeded quota")]
    [InlineData("apps/v1/ReplicaSet", """{"spec":{"replicas":1}}""", Progressing, "not seen it")]
    [InlineData("v1/ReplicationController", """{"spec":{"replicas":1},"status":{"observedGeneration":2,"replicas":1,"availableReplicas":1}}""", Healthy, "")]
    [InlineData("batch/v1/Job", """{"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}""", Healthy, "")]
    [InlineData("batch/v1/Job", """{"status":{"succeeded":1,"conditions":[{"type":"SuccessCriteriaMet","status":"True"}]}}""", Healthy, "")]
    [InlineData("batch/v1/Job", """{"status":{"failed":7,"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff limit"}]}}""", Failed, "backoff limit")]
    [InlineData("batch/v1/Job", """{"spec":{"completions":3},"status":{"active":1,"ready":1,"succeeded":1}}""", Running, "1 of 3 pods have succeeded")]
    [InlineData("batch/v1/Job", """{"spec":{"completions":1},"status":{"active":1,"ready":0,"failed":2}}""", Progressing, "0 of 1 pods have succeeded, 2 failed")]
    [InlineData("batch/v1/Job", """{"spec":{"completions":1},"status":{"active":1}}""", Running, "0 of 1")]
    [InlineData("batch/v1/Job", """{"spec":{"suspend":true},"status":{"conditions":[{"type":"Suspended","status":"True"}]}}""", Suspended, "suspended")]
    [InlineData("batch/v1/Job", "{}", Progressing, "0 of 1")]
    [InlineData("batch/v1/CronJob", """{"spec":{"suspend":true}}""", Healthy, "")]
    public void Workloads(string kind, string body, WorkloadVerdict verdict, string why) => Judged.Is(kind, body, verdict, why);

    [Theory]
    [InlineData("apiextensions.k8s.io/v1/CustomResourceDefinition", """{"status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"True"}]}}""", Healthy, "")]
    [InlineData("apiextensions.k8s.io/v1/CustomResourceDefinition", """{"status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"False","message":"not all names are accepted"}]}}""", Progressing, "not all names")]
    [InlineData("apiextensions.k8s.io/v1/CustomResourceDefinition", """{"status":{"conditions":[{"type":"NamesAccepted","status":"False","reason":"PluralConflict","message":"\"webs\" is already in use"}]}}""", Failed, "already in use")]
    [InlineData("apiextensions.k8s.io/v1/CustomResourceDefinition", "{}", Progressing, "NamesAccepted")]
    [InlineData("apiregistration.k8s.io/v1/APIService", """{"status":{"conditions":[{"type":"Available","status":"False","reason":"FailedDiscoveryCheck","message":"no response"}]}}""", Progressing, "no response")]
    [InlineData("apiregistration.k8s.io/v1/APIService", """{"status":{"conditions":[{"type":"Available","status":"True"}]}}""", Healthy, "")]
    [InlineData("autoscaling/v2/HorizontalPodAutoscaler", """{"status":{"conditions":[{"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"True"}]}}""", Healthy, "")]
    [InlineData("autoscaling/v2/HorizontalPodAutoscaler", """{"status":{"conditions":[{"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"False","reason":"FailedGetResourceMetric","message":"no metrics"}]}}""", Progressing, "no metrics")]
    [InlineData("autoscaling/v2/HorizontalPodAutoscaler", """{"status":{"conditions":[{"type":"AbleToScale","status":"True"},{"type":"ScalingActive","status":"False","reason":"ScalingDisabled"}]}}""", Healthy, "")]
    [InlineData("autoscaling/v2/HorizontalPodAutoscaler", """{"status":{"conditions":[{"type":"AbleToScale","status":"False","reason":"FailedGetScale","message":"web not found"}]}}""", Progressing, "web not found")]
    [InlineData("autoscaling/v1/HorizontalPodAutoscaler", """{"status":{"currentReplicas":1}}""", Healthy, "")]
    [InlineData("autoscaling/v2/HorizontalPodAutoscaler", "{}", Progressing, "looked after")]
    [InlineData("policy/v1/PodDisruptionBudget", """{"status":{"observedGeneration":2,"currentHealthy":2,"desiredHealthy":1}}""", Healthy, "")]
    [InlineData("policy/v1/PodDisruptionBudget", """{"status":{"observedGeneration":2,"currentHealthy":0,"desiredHealthy":1}}""", Progressing, "0 healthy pods where 1")]
    [InlineData("policy/v1/PodDisruptionBudget", """{"status":{"observedGeneration":2,"conditions":[{"type":"DisruptionAllowed","status":"False","reason":"SyncFailed","message":"found no controllers"}]}}""", Failed, "found no controllers")]
    [InlineData("policy/v1/PodDisruptionBudget", "{}", Progressing, "looked after")]
    public void Definitions_and_policies(string kind, string body, WorkloadVerdict verdict, string why) => Judged.Is(kind, body, verdict, why);

    [Theory]
    [InlineData("example.com/v1/Thing", """{"spec":{"a":1}}""", Healthy, "")]
    [InlineData("example.com/v1/Thing", """{"status":{"phase":"Whatever"}}""", Healthy, "")]
    [InlineData("example.com/v1/Thing", """{"status":{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}}""", Progressing, "not seen the latest spec")]
    [InlineData("example.com/v1/Thing", """{"status":{"observedGeneration":"1","conditions":[{"type":"Ready","status":"True"}]}}""", Progressing, "not seen the latest spec")]
    [InlineData("example.com/v1/Thing", """{"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}}""", Progressing, "older spec")]
    [InlineData("example.com/v1/Thing", """{"status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"Creating"}]}}""", Progressing, "Creating")]
    [InlineData("example.com/v1/Thing", """{"status":{"conditions":[{"type":"Available","status":"False","message":"no backend"}]}}""", Progressing, "no backend")]
    [InlineData("example.com/v1/Thing", """{"status":{"conditions":[{"type":"Stalled","status":"True","message":"bad credentials"},{"type":"Ready","status":"False"}]}}""", Failed, "bad credentials")]
    [InlineData("example.com/v1/Thing", """{"status":{"conditions":[{"type":"Reconciling","status":"True","message":"working"},{"type":"Ready","status":"True"}]}}""", Progressing, "working")]
    [InlineData("s3.aws.upbound.io/v1beta1/Bucket", """{"status":{"conditions":[{"type":"Synced","status":"True"},{"type":"Ready","status":"False","reason":"Creating"}]}}""", Progressing, "Creating")]
    [InlineData("s3.aws.upbound.io/v1beta1/Bucket", """{"status":{"conditions":[{"type":"Synced","status":"False","reason":"ReconcileError","message":"access denied"},{"type":"Ready","status":"True"}]}}""", Failed, "access denied")]
    [InlineData("s3.aws.upbound.io/v1beta1/Bucket", """{"status":{"conditions":[{"type":"Synced","status":"True"},{"type":"Ready","status":"True"}]}}""", Healthy, "")]
    [InlineData("pkg.crossplane.io/v1/Provider", """{"status":{"conditions":[{"type":"Installed","status":"True"},{"type":"Healthy","status":"Unknown","reason":"UnknownPackageRevisionHealth"}]}}""", Progressing, "UnknownPackageRevisionHealth")]
    [InlineData("pkg.crossplane.io/v1/Provider", """{"status":{"conditions":[{"type":"Installed","status":"True"},{"type":"Healthy","status":"True"}]}}""", Healthy, "")]
    [InlineData("apiextensions.crossplane.io/v1/CompositeResourceDefinition", """{"status":{"conditions":[{"type":"Established","status":"True"}]}}""", Healthy, "")]
    public void Kinds_without_a_rule_follow_the_common_conditions(string kind, string body, WorkloadVerdict verdict, string why) => Judged.Is(kind, body, verdict, why);

    [Theory]
    [InlineData("v1/Pod", """{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Running"}}""", Healthy, "")]
    [InlineData("apps/v1/Deployment", """{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"replicas":1}}""", Healthy, "")]
    [InlineData("v1/Namespace", """{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Terminating"}}""", Progressing, "being deleted")]
    [InlineData("v1/PersistentVolumeClaim", """{"metadata":{"annotations":{"k0rdent.mirantis.com/health":"ignore"}},"status":{"phase":"Lost"}}""", Healthy, "")]
    public void What_goes_or_is_not_to_count_is_ignored(string kind, string body, WorkloadVerdict verdict, string why) => Judged.Is(kind, body, verdict, why);

    [Fact]
    public void No_status_makes_a_rule_fail()
    {
        foreach (var (group, kind) in StateManager.Health.Rules.ObjectHealthRules.Kinds)
            foreach (var body in new[] { """{"status":null}""", """{"status":"odd"}""", """{"status":{"conditions":"odd","nodes":[1],"phase":{},"observedGeneration":{}}}""", """{"spec":[],"status":{"conditions":[null,1,{"type":7}],"observedGeneration":2}}""" })
                Judged.IsJudged($"{(group.Length > 0 ? group + "/" : "")}v1/{kind}", body);
    }
}
