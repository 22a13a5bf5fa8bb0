global using CostCategory = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Costs.CostCategorySpec, Fleet.Contracts.Costs.CostCategoryStatus>;
global using Budget = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Budgets.BudgetSpec, Fleet.Contracts.Budgets.BudgetStatus>;
