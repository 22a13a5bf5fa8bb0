using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Providers;
using Fleet.ClusterManager.Tests.Clusters;
using Fleet.Contracts.Components;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Providers;

public class ProviderCheckTests
{
    private static ProviderOffer Offer(string[] available, long observed = 1, string contract = "v1beta2", params string[] coming) => ProviderOffer.Of(
        "Management", new() { Name = "kcm", Generation = 1 },
        new ManagementStatus
        {
            AvailableProviders = [.. available],
            CapiContracts = new() { ["infrastructure-aws"] = new() { ["v1beta1"] = contract } },
            Components = new() { ["aws"] = new() { Success = false, ExposedProviders = [.. coming] } },
        },
        observed);

    private static ProviderProblem? Check(ProviderOffer? offer)
    {
        var template = ClusterExamples.Facts().Template!;
        template.Status!.ProviderContracts = new() { ["infrastructure-aws"] = "v1beta2" };
        return ProviderCheck.Of(template, offer);
    }

    [Fact]
    public void Without_a_management_nothing_is_checked() => Assert.Null(Check(null));

    [Fact]
    public void All_providers_in_a_version_that_goes_with_the_template() => Assert.Null(Check(Offer(["infrastructure-aws", "bootstrap-kubeadm"], contract: "v1beta1_v1beta2")));

    [Fact]
    public void What_is_missing_is_named_and_whether_it_will_come()
    {
        var problem = Check(Offer(["bootstrap-kubeadm"]))!;
        Assert.Equal("failed to validate required providers: incompatible providers in Management kcm: one or more required providers are not deployed yet: [infrastructure-aws]", problem.Message);
        Assert.False(problem.IsPassing);
        Assert.True(Check(Offer(["bootstrap-kubeadm"], coming: "infrastructure-aws"))!.IsPassing);
        Assert.True(Check(Offer([], observed: 0))!.IsPassing);
    }

    [Fact]
    public void A_contract_that_is_not_offered_is_named() => Assert.EndsWith(
        "one or more required provider contract versions does not satisfy deployed: [provider infrastructure-aws does not support v1beta2]",
        Check(Offer(["infrastructure-aws", "bootstrap-kubeadm"], contract: "v1beta1"))!.Message, StringComparison.Ordinal);

    [Fact]
    public void A_new_cluster_is_held_and_one_that_is_there_is_left_in_peace()
    {
        var held = ClusterExamples.Facts() with { ProviderProblem = new("lacks aws", IsPassing: false) };
        var plan = ClusterPlanner.Plan(held, ClusterExamples.Options, ClusterExamples.Noon);
        Assert.Equal((ReleaseStep.Hold, "the providers that the template needs"), (plan.Release, plan.HeldBy));
        Assert.Equal(ReleaseStep.Keep, ClusterPlanner.Plan(ClusterExamples.Installed(held), ClusterExamples.Options, ClusterExamples.Noon).Release);
    }

    [Fact]
    public void Offers_that_say_the_same_are_equal()
    {
        Assert.Equal(Offer(["a"]), Offer(["a"]));
        Assert.NotEqual(Offer(["a"]), Offer(["b"]));
    }

    [Fact]
    public void Identities_are_what_the_provider_says()
    {
        KnownInterface labelled = new(ObjectKey.Cluster("a"), "infrastructure-aws", "x", new() { ClusterIdentities = [new() { Group = "g", Version = "v1", Kind = "OwnIdentity", References = [new() { Kind = "Secret", NameFieldPath = "spec.secret" }] }] });
        KnownInterface byRelease = new(ObjectKey.Cluster("b"), null, "moon", new() { ClusterIdentityKinds = ["MoonIdentity"] });
        KnownInterface[] known = [labelled, byRelease];
        Assert.Equal(["OwnIdentity"], ProviderIdentities.KindsOf(known, "infrastructure-aws", null)!);
        Assert.Equal(["MoonIdentity"], ProviderIdentities.KindsOf(known, "infrastructure-moon", "moon")!);
        Assert.Null(ProviderIdentities.KindsOf(known, "infrastructure-moon", null));
        Assert.Null(ProviderIdentities.KindsOf(known, "bootstrap-moon", "moon"));
        Assert.Equal("spec.secret", Assert.Single(ProviderIdentities.ReferencesOf(known, new("g", "v2", "OwnIdentity", "ownidentities", true))!).NameFieldPath);
        Assert.Null(ProviderIdentities.ReferencesOf(known, new("other", "v2", "OwnIdentity", "ownidentities", true)));
        Assert.Equal("spec.clientSecret.name", Assert.Single(ProviderIdentities.BuiltIn("AzureClusterIdentity")).NameFieldPath);
        Assert.Empty(ProviderIdentities.BuiltIn("AWSClusterControllerIdentity"));
    }

    [Fact]
    public void A_kind_that_a_provider_names_counts_instead_of_the_ones_that_Fleet_knows()
    {
        var facts = ClusterExamples.Facts();
        facts.Credential!.Spec.IdentityRef.Kind = "OwnIdentity";
        Assert.NotNull(CredentialCheck.Problem(facts));
        Assert.Null(CredentialCheck.Problem(facts with { IdentityKinds = new Dictionary<string, IReadOnlyList<string>> { ["infrastructure-aws"] = ["OwnIdentity"] } }));
    }
}
