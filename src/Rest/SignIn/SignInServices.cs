using Fleet.Control.Access;
using Fleet.Oidc;
using Fleet.Oidc.SignIn;
using Fleet.Oidc.Tokens;
using Fleet.Rest.Requests;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>As the file says that <c>--oidc</c> names, for a service of its own; without it only tokens of the management API are known. Where that knows the provider itself, it is asked first.</summary>
    /// <exception cref="FormatException">All that is wrong, by its name; also a service of several replicas that share no database.</exception>
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["oidc"] is not { } file)
            return services;
        if (configuration["replica"] is { Length: > 0 } && configuration["postgres"] is null)
            throw new FormatException("--oidc with --replica needs --postgres FILE: a sign-in begins at one replica and ends at another, and waits in the database in between");
        var settings = OidcSettings.Read(file);
        var address = settings.ExternalUrl ?? (Uri.TryCreate(configuration["urls"]?.Split(';')[0], UriKind.Absolute, out var own) && OidcSettings.IsSafe(own) ? own : null)
            ?? throw new FormatException("OpenID Connect: externalUrl is needed, for example \"https://fleet.example.com/\": the provider leads people back there");
        return services.AddSignIn(new(settings, address), new OidcProvider(settings, TimeProvider.System), judgesItself: true);
    }

    /// <param name="services">Of the REST API.</param>
    /// <param name="database">Connection string of PostgreSQL, for services of several replicas; null keeps sign-ins under way in memory.</param>
    internal static IServiceCollection AddPendingSignIns(this IServiceCollection services, string? database)
    {
        if (database is not null)
        {
            services.AddDbContextFactory<SignInContext>(context => context.UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable(SignInContext.MigrationsTable)));
            services.TryAddSingleton<ISignInStore, PostgresSignIns>();
        }
        else
        {
            services.TryAddSingleton<ISignInStore, SignInsInMemory>();
        }

        services.TryAddSingleton<PendingSignIns>();
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
