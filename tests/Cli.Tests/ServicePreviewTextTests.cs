using Fleet.Cli.Commands.Services;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Tests;

public sealed class ServicePreviewTextTests
{
    [Fact]
    public void A_diff_stands_by_cluster_and_service_with_a_summary()
    {
        var diff = new ServiceDiffView
        {
            HasChanges = true,
            Warnings = ["ConfigMap settings is not previewed"],
            Clusters =
            [
                new()
                {
                    Namespace = "team", Cluster = "web",
                    Services =
                    [
                        new()
                        {
                            ServiceNamespace = "shop", Name = "cart", Source = "MultiClusterService shop", Change = "Upgrade", FromTemplate = "cart-1", ToTemplate = "cart-3", Steps = ["cart-2", "cart-3"],
                            Notes = ["waits for dependency shop/db: Failed."], Manifests = "Client",
                            Values = [new() { Path = "replicas", From = 1, To = 2 }, new() { Path = "password", Secret = true }],
                            Created = [new() { ApiVersion = "v1", Kind = "ConfigMap", Namespace = "other", Name = "x" }],
                            Changed = [new() { ApiVersion = "apps/v1", Kind = "Deployment", Namespace = "shop", Name = "cart", Fields = [new() { Path = "spec.replicas", From = 1, To = 2 }] }],
                        },
                        new() { ServiceNamespace = "shop", Name = "lost", Source = "MultiClusterService shop", Change = "Install", ToTemplate = "t", Problem = "ServiceTemplate t does not exist" },
                    ],
                },
                new() { Namespace = "team", Cluster = "new", New = true, Services = [new() { ServiceNamespace = "a", Name = "b", Source = "ClusterDeployment team/new", Change = "Remove", FromTemplate = "t" }] },
            ],
        };
        Assert.Equal(
            """
            Cluster team/web
              ~ shop/cart: cart-1 → cart-2 → cart-3  (MultiClusterService shop)
                  Note: waits for dependency shop/db: Failed
                  Values:
                    replicas  1 → 2
                    password  (changes; not shown)
                  Objects (rendered without the cluster):
                    + ConfigMap other/x
                    ~ Deployment cart
                        spec.replicas  1 → 2
              + shop/lost: install t  (MultiClusterService shop)
                  ! ServiceTemplate t does not exist

            Cluster team/new (new)
              - a/b: remove t  (ClusterDeployment team/new)

            Note: ConfigMap settings is not previewed.

            Diff: 1 to install, 1 to remove, 1 to upgrade, on 2 clusters.

            """,
            Written(output => ServicePreviewText.Diff(output, diff)));
        Assert.Equal("No service would change.\n", Written(output => ServicePreviewText.Diff(output, new())));
    }

    [Fact]
    public void A_plan_says_what_is_not_known()
    {
        ClusterServicesPlanView[] clusters =
        [
            new()
            {
                Namespace = "team", Cluster = "web",
                Services =
                [
                    new() { ServiceNamespace = "shop", Name = "cart", ServiceSet = "web", Action = "Upgrade", Reason = "somebody else has made revision 4; Fleet's is 3", State = "Provisioning" },
                    new() { ServiceNamespace = "shop", Name = "db", ServiceSet = "web", Action = "None", State = "Deployed" },
                ],
            },
            new() { Namespace = "team", Cluster = "away", Problem = "did not answer within 10 s" },
        ];
        Assert.Equal(
            """
            Cluster team/web
              ~ upgrade       shop/cart   Provisioning   somebody else has made revision 4; Fleet's is 3
              = as declared   shop/db     Deployed

            Cluster team/away: did not answer within 10 s

            Plan: 1 to upgrade.
            1 of 2 clusters cannot be looked at, so what would be done there is not known.

            """,
            Written(output => ServicePreviewText.Plan(output, clusters)));
    }

    private static string Written(Action<TextWriter> write)
    {
        var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
