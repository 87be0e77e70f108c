-- The sums of profit and loss, for the SELECT list of a query.

    sum(revenue_direct) AS revenue_direct,
    sum(revenue_allocated) AS revenue_allocated,
    sum(inference_cost) AS inference_cost,
    sum(ai_inference_direct) AS ai_inference_direct,
    sum(ai_inference_allocated) AS ai_inference_allocated,
    sum(vm_direct) AS vm_direct,
    sum(vm_allocated) AS vm_allocated,
    sum(api_service_direct) AS api_service_direct,
    sum(api_service_allocated) AS api_service_allocated,
    sum(other_direct) AS other_direct,
    sum(other_allocated) AS other_allocated,
    sum(revenue_direct + revenue_allocated) AS revenue,
    sum(
      ai_inference_direct + ai_inference_allocated
      + vm_direct + vm_allocated
      + api_service_direct + api_service_allocated
      + other_direct + other_allocated
    ) AS operating_cost,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls
