using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Simulation;

public sealed class WorkloadTests
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: nginx, image: "nginx:1.27", ports: [{name: http, containerPort: 80}]}]}
        """;

    [Fact]
    public async Task A_new_cluster_has_ready_nodes_and_its_own_pods()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();

        await harness.UntilAsync(() => api.List(CoreKinds.Pod, "kube-system").Count(p => p.IsTrue("Ready")) == 5, "2 coredns and 3 kube-proxy");

        Assert.All(api.List(CoreKinds.Node), n => Assert.True(n.IsTrue("Ready")));
        Assert.Equal(2, Deployment(api, "kube-system", "coredns").Number("status", "availableReplicas"));
        Assert.Equal(3, api.Get(CoreKinds.DaemonSet, new("kube-system", "kube-proxy"))!.Number("status", "numberReady"));
    }

    [Fact]
    public async Task A_deployment_becomes_available_through_a_replica_set()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Web);

        await harness.UntilAsync(() => Deployment(api, "default", "web").Number("status", "availableReplicas") == 3, "three available");

        var deployment = Deployment(api, "default", "web");
        Assert.Equal("1", deployment.Annotation("deployment.kubernetes.io/revision"));
        Assert.Equal("NewReplicaSetAvailable", deployment.FindCondition("Progressing")!.Text("reason"));
        Assert.True(deployment.IsTrue("Available"));
        var set = Assert.Single(api.List(CoreKinds.ReplicaSet, "default"));
        Assert.NotNull(set.Label("pod-template-hash"));
        var pods = api.List(CoreKinds.Pod, "default", "app=web");
        Assert.All(pods, p => Assert.Equal("Running", p.Text("status", "phase")));
        Assert.Equal(3, pods.Select(p => p.Text("status", "podIP")).Distinct().Count());
        Assert.True(pods.Select(p => p.Text("spec", "nodeName")).Distinct().Count() >= 2);
    }

    [Fact]
    public async Task A_rolling_update_never_has_less_than_its_minimum_and_can_be_undone()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Web);
        await harness.UntilAsync(() => Deployment(api, "default", "web").Number("status", "availableReplicas") == 3, "three available");

        await SetImageAsync(api, "nginx:1.28");
        var fewest = 3;
        await harness.UntilAsync(() =>
        {
            fewest = Math.Min(fewest, api.List(CoreKinds.Pod, "default", "app=web").Count(p => p.IsTrue("Ready") && !p.IsDeleting()));
            return RolledOut(api, "nginx:1.28");
        }, "rolled out");
        Assert.Equal(3, fewest);
        Assert.Equal("2", Deployment(api, "default", "web").Annotation("deployment.kubernetes.io/revision"));

        await SetImageAsync(api, "nginx:1.27");
        await harness.UntilAsync(() => RolledOut(api, "nginx:1.27"), "undone");

        Assert.Equal("3", Deployment(api, "default", "web").Annotation("deployment.kubernetes.io/revision"));
        Assert.Equal(2, api.List(CoreKinds.ReplicaSet, "default").Count);
    }

    [Fact]
    public async Task A_rollout_with_an_image_that_does_not_exist_exceeds_its_deadline_and_keeps_the_old_pods()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Web);
        await harness.UntilAsync(() => Deployment(api, "default", "web").Number("status", "availableReplicas") == 3, "three available");

        await SetImageAsync(api, "nginx:does-not-exist");
        await harness.UntilAsync(() => Deployment(api, "default", "web").FindCondition("Progressing")!.Text("reason") == "ProgressDeadlineExceeded",
            "deadline", TimeSpan.FromMinutes(11));

        Assert.Equal(3, Deployment(api, "default", "web").Number("status", "availableReplicas"));
        Assert.Contains(api.List(CoreKinds.Pod, "default", "app=web"),
            p => p.Items("status", "containerStatuses").First().Text("state", "waiting", "reason") == "ImagePullBackOff");
    }

    [Fact]
    public async Task A_stateful_set_starts_in_order_with_bound_claims()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: default}
            spec:
              serviceName: db
              replicas: 2
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec: {containers: [{name: pg, image: "postgres:17", volumeMounts: [{name: data, mountPath: /data}]}]}
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """);

        var bothBeforeFirstReady = false;
        await harness.UntilAsync(() =>
        {
            var pods = api.List(CoreKinds.Pod, "default");
            bothBeforeFirstReady |= pods.Count == 2 && !pods.First(p => p.NameOf() == "db-0").IsTrue("Ready");
            return api.Get(CoreKinds.StatefulSet, new("default", "db"))!.Number("status", "readyReplicas") == 2;
        }, "two ready");

        Assert.False(bothBeforeFirstReady);
        Assert.All(api.List(CoreKinds.PersistentVolumeClaim, "default"), c => Assert.Equal("Bound", c.Text("status", "phase")));
        Assert.Equal(2, api.List(CoreKinds.PersistentVolume).Count);
    }

    [Fact]
    public async Task A_job_completes_and_a_failing_one_reaches_its_limit()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: good, namespace: default}
            spec: {completions: 2, parallelism: 2, template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: bad, namespace: default}
            spec:
              backoffLimit: 1
              template:
                metadata: {annotations: {simulation.fleet.dev/fail: Error}}
                spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
            """);

        await harness.UntilAsync(() => Job(api, "good").IsTrue("Complete") && Job(api, "bad").IsTrue("Failed"), "one complete, one failed");

        Assert.Equal(2, Job(api, "good").Number("status", "succeeded"));
        Assert.Equal("BackoffLimitExceeded", Job(api, "bad").FindCondition("Failed")!.Text("reason"));
        Assert.Equal(2, Job(api, "bad").Number("status", "failed"));
    }

    [Fact]
    public async Task A_load_balancer_service_gets_an_address_and_ready_pods_as_endpoints()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Web);
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
            """);

        await harness.UntilAsync(() => api.Get(CoreKinds.Endpoints, new("default", "web"))?.Items("subsets").FirstOrDefault()?.Items("addresses").Count() == 3,
            "three endpoints");

        var service = api.Get(CoreKinds.Service, new("default", "web"))!;
        Assert.StartsWith("198.1", service.Items("status", "loadBalancer", "ingress").Single().Text("ip"));
        var slice = Assert.Single(api.List(CoreKinds.EndpointSlice, "default", "kubernetes.io/service-name=web"));
        Assert.Equal(80, slice.Items("ports").Single().Number("port"));
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why_in_the_schedulers_words()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync(nodes: 2);
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: v1
            kind: Pod
            metadata: {name: big, namespace: default}
            spec: {containers: [{name: c, image: busybox, resources: {requests: {cpu: "64"}}}]}
            """);

        await harness.UntilAsync(() => api.Get(CoreKinds.Pod, new("default", "big"))!.FindCondition("PodScheduled") is not null, "judged");

        var condition = api.Get(CoreKinds.Pod, new("default", "big"))!.FindCondition("PodScheduled")!;
        Assert.Equal("Unschedulable", condition.Text("reason"));
        Assert.StartsWith("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }", condition.Text("message"));
        Assert.Contains(api.List(CoreKinds.Event, "default"), e => e.Text("reason") == "FailedScheduling");
    }

    [Fact]
    public async Task Pods_of_a_node_that_is_gone_are_replaced_elsewhere()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, Web);
        await harness.UntilAsync(() => Deployment(api, "default", "web").Number("status", "availableReplicas") == 3, "three available");

        await api.DeleteAsync(CoreKinds.Node, Fleet.Kubernetes.Objects.ObjectKey.Cluster("work-1"), DeleteOptions.Background, CancellationToken.None);
        await harness.UntilAsync(() =>
        {
            var pods = api.List(CoreKinds.Pod, "default", "app=web");
            return pods.Count(p => p.IsTrue("Ready")) == 3 && pods.All(p => p.Text("spec", "nodeName") != "work-1");
        }, "replaced");
    }

    [Fact]
    public async Task A_deleted_pod_is_gone_after_a_short_grace()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: v1
            kind: Pod
            metadata: {name: one, namespace: default}
            spec: {containers: [{name: c, image: busybox}]}
            """);
        await harness.UntilAsync(() => api.Get(CoreKinds.Pod, new("default", "one"))!.IsTrue("Ready"), "ready");

        await api.DeleteAsync(CoreKinds.Pod, new("default", "one"), DeleteOptions.Background, CancellationToken.None);
        var before = harness.Clock.GetUtcNow();
        await harness.UntilAsync(() => api.Get(CoreKinds.Pod, new("default", "one")) is null, "gone");

        Assert.InRange(harness.Clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("DaemonSet", "numberAvailable", 2)]
    [InlineData("StatefulSet", "availableReplicas", 1)]
    public async Task Pods_become_available_once_they_have_been_ready_for_long_enough(string kind, string field, int wanted)
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        await SimulationHarness.ApplyAsync(api, $$$"""
            apiVersion: apps/v1
            kind: {{{kind}}}
            metadata: {name: agent, namespace: default}
            spec:
              minReadySeconds: 3
              selector: {matchLabels: {app: agent}}
              template:
                metadata: {labels: {app: agent}}
                spec: {containers: [{name: c, image: busybox}]}
            """);

        await harness.UntilAsync(() => SimulationHarness.Get(api, "apps/v1", kind, "default", "agent")!.Number("status", field) == wanted, "available");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 30)]
    public async Task A_deployment_must_have_more_time_than_its_pods_need_to_count(int deadline, int minReady)
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => SimulationHarness.ApplyAsync(
            api, Web.Replace("spec:\n  replicas: 3", $"spec:\n  progressDeadlineSeconds: {deadline}\n  minReadySeconds: {minReady}\n  replicas: 3", StringComparison.Ordinal)));

        Assert.Contains($"spec.progressDeadlineSeconds: Invalid value: {deadline}: must be greater than minReadySeconds", error.Message, StringComparison.Ordinal);
    }

    private static async Task SetImageAsync(IClusterApi api, string image) =>
        await api.ChangeAsync(CoreKinds.Deployment, new("default", "web"),
            d => d.Items("spec", "template", "spec", "containers").First().Put("image", image), status: false, CancellationToken.None);

    private static bool RolledOut(IClusterApi api, string image)
    {
        var pods = api.List(CoreKinds.Pod, "default", "app=web");
        return pods.Count == 3 && pods.All(p => p.IsTrue("Ready") && p.Items("spec", "containers").First().Text("image") == image)
            && Deployment(api, "default", "web").FindCondition("Progressing")!.Text("reason") == "NewReplicaSetAvailable";
    }

    private static JsonObject Deployment(IClusterApi api, string @namespace, string name) => api.Get(CoreKinds.Deployment, new(@namespace, name))!;

    private static JsonObject Job(IClusterApi api, string name) => api.Get(CoreKinds.Job, new("default", name))!;
}
