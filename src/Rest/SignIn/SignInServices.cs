using Fleet.Control.Access;
using Fleet.Oidc;
using Fleet.Oidc.SignIn;
using Fleet.Oidc.Tokens;
using Fleet.Rest.Requests;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Rest.SignIn;

public static class SignInServices
{
    /// <summary>People sign in by an OpenID provider.</summary>
    /// <param name="judgesItself">The management API does not know the provider: tokens are checked here, and what their owner may do is asked there.</param>
    public static IServiceCollection AddSignIn(this IServiceCollection services, SignInOptions options, OidcProvider provider, bool judgesItself)
    {
        services.AddSingleton(options);
        services.AddSingleton(new OidcTokens(provider, TimeProvider.System));
        services.AddSingleton(clocked => new OidcSignIn(provider, clocked.GetRequiredService<OidcTokens>(), clocked.GetRequiredService<TimeProvider>()));
        if (judgesItself)
            services.TryAddSingleton<IForeignTokens, ProvidersTokens>();
        return services;
    }

    internal static void MapWhoami(this IEndpointRouteBuilder api) => api.MapGet("/whoami", (HttpContext http, CancellationToken _) =>
        {
            QueryReader.Read(http);
            var caller = ApiCall.Of(http).Caller;
            return Results.Json(new WhoamiView { User = caller.Name, Uid = caller.Uid, Groups = caller.Groups }, RestJson.Default.WhoamiView);
        })
        .Describe<WhoamiView>("whoami", "Who calls, as the management API knows them").WithTags("auth");

    private sealed class ProvidersTokens(OidcTokens tokens) : IForeignTokens
    {
        public async Task<Caller?> IdentifyAsync(string token, CancellationToken ct)
        {
            try
            {
                return await tokens.IdentifyAsync(token, ct) is { } known ? new(known.User, known.Subject, [.. known.Groups, "system:authenticated"]) : null;
            }
            catch (OidcException)
            {
                return null;
            }
        }
    }
}
