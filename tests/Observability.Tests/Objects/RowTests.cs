using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Tests.Objects;

public sealed class RowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ReplicaSet", "web-5d9c7b", "pod-template-hash", "5d9c7b", "deployment", "web")]
    [InlineData("ReplicaSet", "web-5d9c7b", "rollouts-pod-template-hash", "5d9c7b", "rollout", "web")]
    [InlineData("ReplicaSet", "by-hand", "app", "x", "replicaset", "by-hand")]
    [InlineData("ReplicaSet", "web-other", "pod-template-hash", "5d9c7b", "replicaset", "web-other")]
    [InlineData("StatefulSet", "db", "app", "x", "statefulset", "db")]
    [InlineData("Job", "backup-29384756", "app", "x", "job", "backup")]
    [InlineData("Job", "backup-1609459200", "app", "x", "job", "backup")]
    [InlineData("Job", "migrate-v2", "app", "x", "job", "migrate-v2")]
    [InlineData("Node", "worker-1", "app", "x", "", "")]
    [InlineData("CloneSet", "kruise", "app", "x", "cloneset", "kruise")]
    public void The_controller_is_what_people_deployed(string ownerKind, string owner, string label, string value, string kind, string name)
    {
        var pod = PodWith();
        pod.Metadata.OwnerReferences = [new() { ApiVersion = "v1", Kind = ownerKind, Name = owner, Uid = "u", Controller = true }];
        pod.Metadata.Labels = new() { [label] = value };
        var row = PodRow.Of(pod);
        Assert.Equal((kind, name), (row.ControllerKind, row.Controller));
    }

    [Fact]
    public void A_container_that_never_started_costs_nothing()
    {
        var pod = PodWith(("app", new ContainerState { Waiting = new() { Reason = "ImagePullBackOff" } }, null));
        Assert.Empty(PodRow.Of(pod).Containers);
    }

    [Fact]
    public void A_container_that_crashes_again_and_again_was_there_while_it_ran()
    {
        var last = new ContainerState { Terminated = new() { StartedAt = Start, FinishedAt = Start.AddMinutes(3) } };
        var container = Assert.Single(PodRow.Of(PodWith(("app", new ContainerState { Waiting = new() { Reason = "CrashLoopBackOff" } }, last))).Containers);
        Assert.Equal((Start, Start.AddMinutes(3)), (container.Started, container.Ended));
    }

    [Fact]
    public void Requests_are_cores_bytes_and_devices()
    {
        var pod = PodWith(("app", Running, null));
        pod.Spec.Containers![0].Resources = new() { Requests = new() { ["cpu"] = "250m", ["memory"] = "1Gi" }, Limits = new() { ["nvidia.com/gpu"] = "2", ["cpu"] = "4" } };
        var container = Assert.Single(PodRow.Of(pod).Containers);
        Assert.Equal((0.25, 1073741824d, 2d), (container.CpuRequest, container.RamRequest, container.GpuRequest));
    }

    [Fact]
    public void Sidecars_count_and_init_containers_do_not()
    {
        var pod = PodWith(("app", Running, null));
        pod.Spec.InitContainers = [new() { Name = "mesh", RestartPolicy = "Always" }, new() { Name = "setup" }];
        pod.Status!.InitContainerStatuses = [new() { Name = "mesh", State = Running }, new() { Name = "setup", State = Running }];
        Assert.Equal(["mesh", "app"], PodRow.Of(pod).Containers.Select(container => container.Name));
    }

    [Fact]
    public void Claims_of_a_pod_are_those_it_names_and_those_that_live_with_it()
    {
        var pod = PodWith();
        pod.Spec.Volumes = [new() { Name = "a", PersistentVolumeClaim = new() { ClaimName = "data" } }, new() { Name = "tmp", Ephemeral = new() }, new() { Name = "conf" }];
        Assert.Equal(["data", "web-0-tmp"], PodRow.Of(pod).Claims);
    }

    [Fact]
    public void A_heartbeat_changes_no_row()
    {
        Node Node(string heartbeat) => new()
        {
            Metadata = new() { Name = "n", Uid = "u", Labels = new() { ["node.kubernetes.io/instance-type"] = "m5.large", ["karpenter.sh/capacity-type"] = "spot" } },
            Status = new() { Capacity = new() { ["cpu"] = "4", ["memory"] = "16Gi" }, Conditions = [new() { Type = "Ready", Status = "True", Message = heartbeat }] },
        };
        var row = NodeRow.Of(Node("one"));
        Assert.Equal(row, NodeRow.Of(Node("two")));
        Assert.Equal(("m5.large", true, true, 4d), (row.InstanceType, row.IsSpot, row.IsReady, row.Cores));
        Assert.Equal(PodRow.Of(PodWith(("app", Running, null))), PodRow.Of(PodWith(("app", Running, null))));
    }

    [Fact]
    public void A_service_selects_the_pods_of_its_namespace_that_have_all_its_labels()
    {
        var pod = PodWith();
        pod.Metadata.Labels = new() { ["app"] = "web", ["tier"] = "front" };
        var row = PodRow.Of(pod);
        Assert.True(ServiceOf("team", new() { ["app"] = "web" }).Selects(row));
        Assert.False(ServiceOf("team", new() { ["app"] = "web", ["tier"] = "back" }).Selects(row));
        Assert.False(ServiceOf("other", new() { ["app"] = "web" }).Selects(row));
        Assert.False(ServiceOf("team", null).Selects(row));
    }

    [Fact]
    public void Of_many_and_long_labels_the_same_bounded_ones_are_kept()
    {
        var labels = Enumerable.Range(0, 500).ToDictionary(i => $"label-{i:000}", i => i == 3 ? new string('x', 1000) : "v");
        var kept = Texts.Of(labels);
        Assert.Equal(64, kept.Values.Count);
        Assert.Null(kept["label-003"]);
        Assert.Equal(kept, Texts.Of(labels.Reverse().ToDictionary()));
    }

    private static ContainerState Running => new() { Running = new() { StartedAt = Start } };

    private static ServiceRow ServiceOf(string ns, Dictionary<string, string>? selector) =>
        ServiceRow.Of(new() { Metadata = new() { Name = "web", Namespace = ns }, Spec = new() { Selector = selector } });

    private static Pod PodWith(params (string Name, ContainerState State, ContainerState? Last)[] containers) => new()
    {
        Metadata = new ObjectMeta { Name = "web-0", Namespace = "team", Uid = "pod-uid" },
        Spec = new() { NodeName = "n", Containers = [.. containers.Select(container => new Container { Name = container.Name })] },
        Status = new() { ContainerStatuses = [.. containers.Select(container => new ContainerStatus { Name = container.Name, State = container.State, LastState = container.Last })] },
    };
}
