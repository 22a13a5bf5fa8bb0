using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using static Fleet.ClusterManager.Tests.References.ReferenceExamples;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Tests.References;

public class ReferencePlannerTests
{
    /// <summary>Each reference that lacks something, the condition that says so, its reason and words.</summary>
    public static TheoryData<string, string, string, string> Missing => new()
    {
        { "authentication", "ClusterAuthenticationReady", "Failed", "failed to get ClusterAuthentication org/dex: it does not exist" },
        { "authority", "ClusterAuthenticationReady", "Failed", "failed to get AuthenticationConfiguration: no CA" },
        { "policy", "ClusterAuditPolicyReady", "Failed", "failed to get ClusterAuditPolicy org/all: it does not exist" },
        { "source", "DataSourceReady", "Failed", "failed to get DataSource org/pg: it does not exist" },
        { "database", "ClusterDataSourceReady", "Progressing", "ClusterDataSource org/web is being made" },
        { "unready", "ClusterDataSourceReady", "Progressing", "ClusterDataSource org/web is not ready yet" },
        { "error", "ClusterDataSourceReady", "Failed", "ClusterDataSource org/web: db:5432: refused" },
        { "foreign-database", "ClusterDataSourceReady", "Failed", "ClusterDataSource org/web is there already and was not made for this ClusterDeployment" },
        { "claim", "ClusterIPAMClaimReady", "Failed", "failed to fetch ClusterIPAMClaim org/nodes: it does not exist" },
        { "other-cluster", "ClusterIPAMClaimReady", "Failed", "ClusterIPAMClaim.Spec.Cluster api does not match ClusterDeployment.Name web" },
        { "unbound", "ClusterIPAMClaimReady", "Progressing", "ClusterIPAMClaim org/nodes is not bound yet" },
        { "no-provider", "ClusterIPAMClaimReady", "Failed", "ClusterIPAMClaim org/nodes: no kind" },
    };

    private static ReferenceFacts Lacking(string what) => what switch
    {
        "authentication" => Authentication() with { Authentication = new(new("org", "dex")) },
        "authority" => Authentication() with { Authentication = Authentication().Authentication! with { AuthorityProblem = "no CA" } },
        "policy" => AuditPolicy(null),
        "source" => Database() with { DataSource = new(new("org", "pg")) },
        "database" => Database() with { DataSource = Database().DataSource! with { Database = null } },
        "unready" => Database(database => database.Status = null),
        "error" => Database(database => database.Status = new() { Error = "db:5432: refused" }),
        "foreign-database" => Database(database => database.Metadata.OwnerReferences = [Owner("earlier")]),
        "claim" => new() { Ipam = new(new("org", "nodes")) },
        "other-cluster" => Claim(claim => claim.Spec.Cluster = "api"),
        "unbound" => Claim(claim => claim.Status = null),
        "no-provider" => Claim(claim => claim.Status = new() { Conditions = [Contracts.Conditions.Condition.True(new("IPAMProviderConditionError"), Reason.Failed, "no kind")] }),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown"),
    };

    [Theory, MemberData(nameof(Missing))]
    public void What_is_lacking_is_said_and_holds_the_cluster_whether_or_not_it_exists(string what, string type, string reason, string message)
    {
        var facts = With(Lacking(what));
        var condition = Condition(facts, new(type));
        Assert.Equal((ConditionStatus.False, reason, message), (condition!.Status, condition.Reason.Value, condition.Message));
        Assert.Equal(ReleaseStep.Hold, Plan(facts).Release);
        // An installed cluster is not upgraded to values without what is lacking.
        var installed = facts with { Release = new(1, "deployed", "f") };
        Assert.Equal(ReleaseStep.Hold, Plan(installed).Release);
        Assert.Empty(Plan(installed).References.Write);
        Assert.Empty(Plan(installed).References.Remove);
        // Then nothing is shown as effective that is not.
        installed.Object.Status = new() { EffectiveConfig = new System.Text.Json.Nodes.JsonObject { ["auth"] = 1 } };
        Assert.Equal("""{"auth":1}""", ClusterStatusFrom.Of(installed, Plan(installed), ClusterExamples.AllWell, null, default).EffectiveConfig!.ToJsonString());
    }

    [Fact]
    public void A_server_that_is_away_holds_up_no_cluster_that_has_its_database()
    {
        var facts = With(Database(database => database.Status = database.Status! with { Ready = false, Error = "db:5432: refused" })) with { Release = new(1, "deployed", "f") };
        Assert.Equal(ReleaseStep.Upgrade, Plan(facts).Release);
        Assert.Equal("made-kine", (string?)Plan(facts).Values["dataSource"]!["kineDataSourceSecretName"]);
        Assert.Equal(ConditionStatus.False, Condition(facts, ClusterDataSourceReady)!.Status);
    }

    [Fact]
    public void The_place_of_the_state_never_changes_under_a_cluster_that_exists()
    {
        var gone = With(Lacking("database")) with { Release = new(1, "deployed", "f") };
        Assert.Equal((ReleaseStep.Hold, false), (Plan(gone).Release, Plan(gone).References.MakeDatabase));
        Assert.StartsWith("ClusterDataSource org/web does not exist; spec.dataSource cannot be added or removed after creation", Condition(gone, ClusterDataSourceReady)!.Message, StringComparison.Ordinal);
        var removed = With(new() { LeftDatabase = Database().DataSource!.Database });
        Assert.Equal(ReleaseStep.Hold, Plan(removed with { Release = new(1, "deployed", "f") }).Release);
        Assert.Equal(
            "spec.dataSource cannot be added or removed after creation: the state of the cluster is in ClusterDataSource org/web",
            Condition(removed with { Release = new(1, "deployed", "f") }, ClusterDataSourceReady)!.Message);
        Assert.Equal(ReleaseStep.Upgrade, Plan(removed).Release);
    }

    [Fact]
    public void What_is_as_wanted_is_not_written_again()
    {
        var document = Assert.Single(Plan(With(Authentication())).References.Write);
        var present = new PresentDocument(document.Kind, document.Place, "s", document.Text, IsOurs: true);
        Assert.Empty(Plan(With(Authentication() with { Documents = [present] })).References.Write);
        Assert.Single(Plan(With(Authentication() with { Documents = [present with { Text = "changed" }] })).References.Write);
    }

    [Fact]
    public void Somebody_elses_secret_of_that_name_is_left_alone_and_named()
    {
        var facts = With(Authentication() with { Documents = [new(CoreKinds.Secrets, new("org", "web-auth-config"), "s", "mine", IsOurs: false)] });
        Assert.Equal((ReleaseStep.Hold, 0, 0), (Plan(facts).Release, Plan(facts).References.Write.Count, Plan(facts).References.Remove.Count));
        Assert.Equal("Secret org/web-auth-config is there already and was not made for this ClusterDeployment", Condition(facts, ClusterAuthenticationReady)!.Message);
    }

    [Fact]
    public void Without_the_reference_ours_goes_and_somebody_elses_stays()
    {
        var ours = new PresentDocument(CoreKinds.Secrets, new("org", "web-auth-config"), "s", "x", IsOurs: true);
        var theirs = new PresentDocument(CoreKinds.ConfigMaps, new("org", "web-audit-policy"), "t", "x", IsOurs: false);
        var facts = With(new() { Documents = [ours, theirs] });
        Assert.Equal([ours], Plan(facts).References.Remove);
        // The condition stays until it has gone: it is how the next round knows that there is something to remove.
        Assert.Equal(ConditionStatus.True, Condition(facts, ClusterAuthenticationReady)!.Status);
        Assert.Null(Condition(facts, ClusterAuditPolicyReady));
        Assert.Null(Condition(facts, ClusterAuthenticationReady, ClusterExamples.AllWell with { LeftoversRemoved = true }));
    }

    [Fact]
    public void A_reference_that_lacks_its_object_keeps_what_was_made_of_it()
    {
        var ours = new PresentDocument(CoreKinds.Secrets, new("org", "web-auth-config"), "s", "x", IsOurs: true);
        Assert.Empty(Plan(With(Lacking("authentication") with { Documents = [ours] })).References.Remove);
        Assert.Single(Plan(With(Authentication() with { Authentication = new(new("org", "dex")) { Spec = [] }, Documents = [ours] })).References.Remove);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Nothing_is_written_in_a_dry_run_or_while_paused(bool dryRun, bool paused)
    {
        var facts = With(Authentication() with { DataSource = Lacking("database").DataSource }, cluster =>
        {
            cluster.Spec.DryRun = dryRun;
            cluster.Spec.IpamClaim = new() { Spec = new() { Provider = "in-cluster" } };
            if (paused)
                cluster.Metadata.Annotations = new() { [FleetAnnotations.Paused] = "" };
        });
        var plan = Plan(facts with { References = facts.References with { Ipam = new(new("org", "web-ipam")) } });
        Assert.Equal(ReferencePlan.None, plan.References);
    }

    [Fact]
    public void An_inline_claim_is_made_for_the_cluster_and_followed()
    {
        void Inline(ClusterDeployment cluster) => cluster.Spec.IpamClaim = new() { Ref = "web-ipam", Spec = new() { Provider = "in-cluster", NodeNetwork = new() { Cidr = "10.0.0.0/24" } } };
        var made = Plan(With(new() { Ipam = new(new("org", "web-ipam")) }, Inline)).References.Claim;
        Assert.Equal(("web", "web-ipam", "10.0.0.0/24"), (made!.Cluster, made.ClusterIpamRef, made.NodeNetwork!.Cidr));

        ReferenceFacts Claimed(string cidr, string owner, bool isManaged) => Claim(claim =>
        {
            claim.Metadata.Name = "web-ipam";
            claim.Metadata.OwnerReferences = owner.Length > 0 ? [Owner(owner)] : null;
            claim.Metadata.Labels = isManaged ? new() { [FleetLabels.Managed] = "true" } : null;
            claim.Spec = made with { NodeNetwork = new() { Cidr = cidr } };
        });
        Assert.Null(Plan(With(Claimed("10.0.0.0/24", "1", true), Inline)).References.Claim);
        Assert.NotNull(Plan(With(Claimed("10.0.9.0/24", "1", true), Inline)).References.Claim);
        // Left by a cluster of this name that was orphaned.
        Assert.NotNull(Plan(With(Claimed("10.0.0.0/24", "", true), Inline)).References.Claim);
        var foreign = With(Claimed("10.0.9.0/24", "", false), Inline);
        Assert.Null(Plan(foreign).References.Claim);
        Assert.Equal("ClusterIPAMClaim org/web-ipam is there already and was not made for this ClusterDeployment", Condition(foreign, ClusterIpamClaimReady)!.Message);
    }

    [Fact]
    public void A_database_follows_the_data_source_and_one_that_was_orphaned_is_taken_over()
    {
        Assert.True(Plan(With(Lacking("database"))).References.MakeDatabase);
        void Named(ClusterDeployment cluster) => cluster.Spec.DataSource = "pg";
        Assert.Null(Plan(With(Database(), Named)).References.ChangeDatabase);
        Assert.NotNull(Plan(With(Database(), cluster => cluster.Spec.DataSource = "other")).References.ChangeDatabase);
        Assert.Null(Plan(With(Database(database => database.Metadata.OwnerReferences = null), Named)).References.ChangeDatabase);
        Assert.NotNull(Plan(With(
            Database(database =>
            {
                database.Metadata.OwnerReferences = null;
                database.Metadata.Labels = new() { [FleetLabels.Managed] = "true" };
            }), Named)).References.ChangeDatabase);
    }
}
