using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Helm;

public static class HelmServiceCollectionExtensions
{
    /// <summary>
    /// Registers <c>IHelm</c>, <c>IChartRepositories</c> and <c>ITemplateRenderer</c>. The binary is looked for at the first use, so a host starts
    /// without one; <c>HelmBinaryLocator</c> tells a doctor what is wrong.
    /// </summary>
    public static IServiceCollection AddHelm(this IServiceCollection services, HelmOptions options)
    {
        services.AddSingleton(options);
        return services;
    }
}
