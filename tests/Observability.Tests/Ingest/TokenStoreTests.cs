using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Testing.ApiServers;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>Tokens are made and revoked by several at once, while their cluster comes and goes.</summary>
public sealed class TokenStoreTests : IAsyncLifetime
{
    private static readonly ObjectKey Web = new("team-a", "web");

    private EmbeddedApiServer server = null!;
    private IKubernetesClient client = null!;
    private TokenStore store = null!;

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedApiServer.StartAsync();
        client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
        store = new(client, TimeProvider.System);
        await client.Dynamic(CoreKinds.Definitions).CreateAsync(new(CustomResourceDefinition.OfAllKinds().Single(one => (string?)one["spec"]!["names"]!["kind"] == "ClusterDeployment")), CancellationToken.None);
        await client.Dynamic(CoreKinds.Namespaces).CreateAsync(new(Json("{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}")), CancellationToken.None);
        await MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_loses_a_token_to_another_and_the_bound_holds()
    {
        for (var round = 0; round < 10; round++)
        {
            // Twelve find no Secret, or room for one more.
            var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => await Record.ExceptionAsync(() => store.CreateAsync(Web, CancellationToken.None))));
            Assert.All(made, error => Assert.True(error is null or TokenConflictException, error?.ToString()));
            var tokens = (await store.ListAsync(Web, CancellationToken.None))!;
            Assert.Equal(TokenStore.MostTokens, tokens.Count);
            Assert.Equal(TokenStore.MostTokens, made.Count(error => error is null));
            // Each by two: one of them revokes it, and to the other there is none.
            var revoked = await Task.WhenAll(tokens.Concat(tokens).Select(token => RevokeAsync(token.Key)));
            Assert.Equal(tokens.Count, revoked.Count(done => done));
            Assert.Empty((await store.ListAsync(Web, CancellationToken.None))!);
            await client.Resource(CoreTypes.Secrets).DeleteAsync(TokenSecret.KeyOf(Web), DeleteOptions.Background, CancellationToken.None);
        }
    }

    [Fact]
    public async Task While_the_cluster_goes_there_is_a_token_or_no_cluster_and_no_failure()
    {
        for (var round = 0; round < 20; round++)
        {
            await store.CreateAsync(Web, CancellationToken.None);
            var others = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (await store.CreateAsync(Web, CancellationToken.None) is { } made && await store.RevokeAsync(Web, made.Token.Id, CancellationToken.None))
                {
                }
            })).ToList();
            await client.Dynamic(FleetKinds.ClusterDeployments.Kind).DeleteAsync(Web, DeleteOptions.Background, CancellationToken.None);
            // As the garbage collector does it.
            await client.Resource(CoreTypes.Secrets).DeleteAsync(TokenSecret.KeyOf(Web), DeleteOptions.Background, CancellationToken.None);
            await Task.WhenAll(others);
            Assert.Null(await store.CreateAsync(Web, CancellationToken.None));
            await MakeAsync();
        }
    }

    /// <summary>Whoever is told to try again does.</summary>
    private async Task<bool> RevokeAsync(string id)
    {
        while (true)
        {
            try
            {
                return await store.RevokeAsync(Web, id, CancellationToken.None);
            }
            catch (TokenConflictException)
            {
            }
        }
    }

    private async Task MakeAsync()
    {
        await client.Resource(CoreTypes.Secrets).DeleteAsync(TokenSecret.KeyOf(Web), DeleteOptions.Background, CancellationToken.None);
        await client.Dynamic(FleetKinds.ClusterDeployments.Kind).CreateAsync(
            new(Json("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {name: web, namespace: team-a}, spec: {template: some, credential: some}}")), CancellationToken.None);
    }

    private static JsonObject Json(string yaml) => Fleet.Kubernetes.Yaml.KubernetesYaml.ReadAll(yaml).Single();
}
