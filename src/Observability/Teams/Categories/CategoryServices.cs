using Fleet.Control;
using Fleet.Control.Reconciling;
using Fleet.Control.Watching;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

internal static class CategoryServices
{
    public static IServiceCollection AddCostCategories(this IServiceCollection services)
    {
        services.AddSingleton<FleetCategories>();
        services.AddSingleton<IDaySubjects>(s => s.GetRequiredService<FleetCategories>());
        services.AddSingleton<CategoryTrigger>();
        services.AddSingleton<IDayListener>(s => s.GetRequiredService<CategoryTrigger>());
        services.AddSingleton<CategoryFactsReader>();
        return services.AddController<CategoryReconciler>(s => new ControllerOptions
        {
            Name = "costcategory",
            GrainOf = Singletons.With(Singletons.Days),
            Triggers =
            [
                new InformerTrigger<CostCategory, CostCategory>(s.GetRequiredService<FleetCategories>().Informer, Changes.Own),
                s.GetRequiredService<CategoryTrigger>(),
            ],
        });
    }
}
