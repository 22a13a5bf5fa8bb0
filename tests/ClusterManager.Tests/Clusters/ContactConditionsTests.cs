using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Connections;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ContactConditionsTests
{
    private static readonly Condition Was = Condition.True(ClusterDeploymentConditions.ClusterReachable, Reason.Succeeded, "the API server answers (v1.33.1)");

    private static Condition? Reachable(ClusterContact contact, Condition? before, ClusterFacts? facts = null) => ReachableConditionFrom.Of(facts ?? Facts(), contact, before);

    private static Condition? Nodes(ClusterContact contact, int? wanted = null, Condition? before = null) =>
        NodesConditionFrom.Of(Facts() with { Capi = ReadyCapi with { WantedNodes = wanted } }, contact, before, Noon);

    [Fact]
    public void One_lost_answer_is_no_outage() =>
        Assert.Equal(ConditionStatus.True, Reachable(Lost("reset", failures: 1), Was)!.Status);

    [Fact]
    public void An_outage_tells_when_the_server_last_answered()
    {
        var lost = Reachable(Lost("connection refused"), Was)!;
        Assert.Equal(
            (ConditionStatus.False, ClusterDeploymentConditions.ProbeFailed, "kubeconfig in Secret org/web-kubeconfig: connection refused; last answered 12:00:00Z, 40 s ago"),
            (lost.Status, lost.Reason, lost.Message));
    }

    [Fact]
    public void Until_somebody_has_asked_what_was_known_stands() => Assert.Same(Was, Reachable(ClusterContact.None, Was));

    [Fact]
    public void After_a_restart_one_failure_is_unknown_and_never_still_true()
    {
        var failed = new ClusterContact { Last = new(null, "timeout"), Failures = 1 };
        Assert.Equal((ConditionStatus.Unknown, ClusterDeploymentConditions.ProbeFailed), (Reachable(failed, Was)!.Status, Reachable(failed, Was)!.Reason));
        Assert.Equal(ConditionStatus.False, Reachable(failed with { Failures = 2 }, Was)!.Status);
        // What was known to be lost does not become unclear by a restart.
        Assert.Equal(ConditionStatus.False, Reachable(failed, Reachable(Lost("refused"), Was))!.Status);
    }

    [Fact]
    public void A_kubeconfig_that_is_none_is_believed_at_once()
    {
        var contact = new ClusterContact { Last = new(null, "no cluster in it", KubeconfigInvalid: true), Failures = 2 };
        Assert.Equal(ClusterDeploymentConditions.KubeconfigInvalid, Reachable(contact, Was)!.Reason);
    }

    [Fact]
    public void A_kubeconfig_that_went_is_missing() =>
        Assert.Equal(ClusterDeploymentConditions.KubeconfigMissing, Reachable(Answering(), Was, Facts() with { Kubeconfig = new(new("org", "web-kubeconfig"), null) })!.Reason);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(47, "40 s")]
    [InlineData(119, "1 min")]
    [InlineData(3599, "45 min")]
    [InlineData(7300, "2 h")]
    [InlineData(200_000, "2 d")]
    public void Ages_change_seldom(int seconds, string expected) => Assert.Equal(expected, Ago.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void As_many_ready_nodes_as_wanted_are_enough()
    {
        var nodes = Nodes(Answering(Node("a"), Node("b")), wanted: 2)!;
        Assert.Equal((ConditionStatus.True, "2/2 nodes are Ready"), (nodes.Status, nodes.Message));
        // While machines are rolled over there is one more.
        nodes = Nodes(Answering(Node("a"), Node("b"), Node("c", "not reported")), wanted: 2)!;
        Assert.Equal((ConditionStatus.True, "2/2 nodes are Ready; not Ready: c (not reported)"), (nodes.Status, nodes.Message));
    }

    [Fact]
    public void A_node_that_broke_is_named_with_its_kubelets_reason()
    {
        var nodes = Nodes(Answering(Node("a"), Node("b", "NodeStatusUnknown: Kubelet stopped posting node status.")), wanted: 2)!;
        Assert.Equal(
            (ConditionStatus.False, ClusterDeploymentConditions.NodesNotReady, "1/2 nodes are Ready; not Ready: b (NodeStatusUnknown: Kubelet stopped posting node status.)"),
            (nodes.Status, nodes.Reason, nodes.Message));
    }

    [Fact]
    public void Nodes_that_are_coming_are_progress()
    {
        var nodes = Nodes(Answering(Node("a"), Node("b", "KubeletNotReady: no network", Noon.AddMinutes(-1))), wanted: 4)!;
        Assert.Equal(
            (ConditionStatus.False, Reason.Progressing, "1/4 nodes are Ready; not Ready: b (KubeletNotReady: no network); 2 have not joined"),
            (nodes.Status, nodes.Reason, nodes.Message));
    }

    [Fact]
    public void All_nodes_of_an_adopted_cluster_must_be_ready()
    {
        var facts = Facts() with { Capi = null };
        facts.Template!.Status!.Providers = ["infrastructure-internal"];
        Assert.Equal(ConditionStatus.False, NodesConditionFrom.Of(facts, Answering(Node("a"), Node("b", "gone")), null, Noon)!.Status);
        var none = NodesConditionFrom.Of(facts, Answering() with { Nodes = [] }, null, Noon)!;
        Assert.Equal((ConditionStatus.True, ClusterDeploymentConditions.NoNodes), (none.Status, none.Reason));
    }

    [Fact]
    public void Declared_nodes_that_are_all_gone_are_not_no_nodes() =>
        Assert.Equal("0/3 nodes are Ready; 3 have not joined", Nodes(Answering() with { Nodes = [] }, wanted: 3)!.Message);

    [Fact]
    public void Nodes_of_a_lost_cluster_are_unknown_with_what_was_seen_last()
    {
        var before = Nodes(Answering(Node("a")), wanted: 1)!;
        var lost = Nodes(Lost("refused"), 1, before)!;
        Assert.Equal((ConditionStatus.Unknown, "not known; last seen 12:00:00Z: 1/1 nodes are Ready"), (lost.Status, lost.Message));
        Assert.Same(lost, Nodes(Lost("refused"), 1, lost));
        Assert.Same(before, Nodes(ClusterContact.None, 1, before));
    }

    [Fact]
    public void Nodes_that_may_not_be_read_are_unknown_and_the_cluster_with_them()
    {
        var contact = Answering() with { Nodes = null, NodesProblem = "nodes is forbidden" };
        Assert.Equal((ConditionStatus.Unknown, "nodes cannot be read: nodes is forbidden"), (Nodes(contact)!.Status, Nodes(contact)!.Message));
    }
}
