/** What the gateway writes for a channel with one key, and reads NULL as. */
export const DEFAULT_CHANNEL_INFO =
  '{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}'
